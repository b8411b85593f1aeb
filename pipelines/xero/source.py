"""Reads one endpoint of one organisation from Xero: which pages, since when, and do they fit.

In: the client (HTTP) and an endpoint. Out: an `EndpointRead`, whose batches land in the raw log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from pipelines.endpoint_read import (
    DoubtfulAnswer,
    EndpointRead,
    PageReader,
    Progress,
    UnstableRead,
)
from pipelines.landing import Landing
from pipelines.web.page_check import PageCheck
from pipelines.web.transport import Answer
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import PAGE_SIZE, Endpoint
from pipelines.xero.paging import NOT_MODIFIED, Page

SYSTEM = "xero"
DATASET = "raw_xero"
MAX_REPEATS = 3
OVERLAP = timedelta(minutes=1)
"""If-Modified-Since has a resolution of one second, and a record may become visible a little after
the stamp it carries: the last minute is read again, and what is known is not written again."""


def endpoint_read(
    client: XeroClient,
    tenant_id: str,
    endpoint: Endpoint,
    landing: Landing,
    *,
    cursor: datetime | None = None,
    full: bool = False,
    progress: Progress | None = None,
) -> EndpointRead:
    """Prepare the read of one endpoint; nothing is called yet.

    Args:
        client: Calls Xero.
        tenant_id: The organisation.
        endpoint: What to read.
        landing: What the raw log holds.
        cursor: The greatest change stamp (naive UTC) of the last complete read; None reads all.
        full: Read everything all the same, and take an empty list as it is.
        progress: Told a line per page.
    """
    since = cursor - OVERLAP if cursor and endpoint.is_paged and not full else None

    def get(paging: Mapping[str, str]) -> tuple[Page, Answer]:
        return client.get_page(
            tenant_id,
            endpoint.name,
            endpoint.list_key,
            {**endpoint.params, **paging},
            if_modified_since=since.replace(tzinfo=UTC) if since else None,
        )

    def pages(reader: PageReader) -> Iterator[None]:
        if endpoint.is_paged:
            return _read_pages(endpoint, get, reader, progress or (lambda _: None))
        return _read_list(endpoint, get, reader)

    return EndpointRead(
        system=SYSTEM,
        tenant_id=tenant_id,
        table=endpoint.table,
        id_field=endpoint.id_field,
        stamp_field=endpoint.stamp_field,
        landing=landing,
        mode="changes" if since else "whole",
        pages=pages,
        usage=lambda: client.usage(tenant_id, endpoint.name),
        accept_empty=full,
    )


Get = Callable[[Mapping[str, str]], tuple[Page, Answer]]


def _read_list(endpoint: Endpoint, get: Get, reader: PageReader) -> Iterator[None]:
    page, answer = get({})
    ids = reader.show(page.records, answer.received_at)
    yield
    repeated = [record_id for record_id, count in Counter(ids).items() if count > 1]
    if repeated:
        raise DoubtfulAnswer(f"{endpoint.name}: {repeated[0]} is in the list twice.")
    reader.seen.update(ids)


def _read_pages(
    endpoint: Endpoint, get: Get, reader: PageReader, progress: Progress
) -> Iterator[None]:
    check, number, repeats = PageCheck(), 1, 0
    while True:
        page, answer = get({"page": str(number), "pageSize": str(PAGE_SIZE)})
        item_count = 0 if answer.status == NOT_MODIFIED else page.item_count
        if item_count is None:
            raise DoubtfulAnswer(f"{endpoint.name}: the answer has no pagination.")
        ids = reader.show(page.records, answer.received_at, item_count)
        yield
        check.add(number, ids, item_count)
        progress(f"{endpoint.name}: {len(check.first_page)} of {item_count}")
        if number < page.page_count:
            number += 1
            continue
        affected = check.first_affected()
        if affected is None:
            reader.seen.update(check.first_page)
            return
        if repeats == MAX_REPEATS:
            raise UnstableRead(
                f"{endpoint.name} changed while it was read, {repeats + 1} times in a row. "
                "What was read is kept; the next run reads it again."
            )
        repeats += 1
        check.forget_from(affected)
        number = affected
