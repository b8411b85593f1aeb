"""Reads entity sets of Prospect: which pages, since when, and do they fit.

In: the client (HTTP) and what is to be read. Out: `EndpointRead`s, whose batches land in the raw
log. A set with a change stamp is read in the order of the stamp, from the last one seen (`ge`) with
an overlap: what is known is not written again. A set without one is read whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.connections import ProspectConnection
from pipelines.endpoint_read import (
    DoubtfulAnswer,
    EndpointRead,
    PageReader,
    Progress,
    UnstableRead,
)
from pipelines.landing import Landing
from pipelines.prospect.client import ODataPage, ProspectClient
from pipelines.prospect.endpoints import COMPANY, ENDPOINTS, PAGE_SIZE, STAMP, Endpoint
from pipelines.settings import Credentials
from pipelines.web.page_check import PageCheck

SYSTEM = "prospect"
DATASET = "raw_prospect"
MAX_REPEATS = 3
OVERLAP = timedelta(minutes=1)
"""A record may become visible a little after the stamp it carries, so the last minute is read
again."""


def open_client(
    connection: ProspectConnection, credentials: Credentials, home: Path
) -> ProspectClient:
    """Return a client of a connection.

    Raises:
        WrongCredentials: The token is not set.
    """
    return ProspectClient(connection, credentials, home)


def reads(
    client: ProspectClient,
    tenant_id: str,
    landing: Landing,
    *,
    cursors: Mapping[str, datetime],
    full: bool = False,
    progress: Progress | None = None,
) -> list[EndpointRead]:
    """Prepare the reads of all sets; nothing is called yet.

    Args:
        client: Calls Prospect.
        tenant_id: The organisation that the connection belongs to.
        landing: What the raw log holds.
        cursors: Per table, the greatest change stamp (naive UTC) of the last complete read.
        full: Read everything all the same, and take an empty list as it is.
        progress: Told a line per page.
    """
    return [
        endpoint_read(
            client,
            tenant_id,
            endpoint,
            landing,
            cursor=cursors.get(endpoint.table),
            full=full,
            progress=progress,
        )
        for endpoint in ENDPOINTS.values()
    ]


def endpoint_read(
    client: ProspectClient,
    tenant_id: str,
    endpoint: Endpoint,
    landing: Landing,
    *,
    cursor: datetime | None = None,
    full: bool = False,
    progress: Progress | None = None,
) -> EndpointRead:
    """Prepare the read of one set; the arguments are those of `reads`."""
    since = cursor - OVERLAP if cursor and endpoint.is_stamped and not full else None
    options = query_options(endpoint, client.connection.operating_company, since)

    def pages(reader: PageReader) -> Iterator[None]:
        return _read_pages(client, endpoint, options, reader, progress or (lambda _: None))

    return EndpointRead(
        system=SYSTEM,
        tenant_id=tenant_id,
        table=endpoint.table,
        id_field=endpoint.id_field,
        stamp_field=STAMP if endpoint.is_stamped else None,
        landing=landing,
        mode="changes" if since else "whole",
        pages=pages,
        usage=lambda: client.usage(endpoint.name),
        accept_empty=full,
    )


def query_options(endpoint: Endpoint, company: str, since: datetime | None) -> dict[str, str]:
    """Return the query of a set's first page. `since` is naive UTC."""
    conditions = []
    if endpoint.of_company:
        conditions.append(f"{COMPANY} eq '{company.replace(chr(39), chr(39) * 2)}'")
    if since is not None:
        instant = since.replace(tzinfo=UTC).isoformat(timespec="milliseconds")
        conditions.append(f"{STAMP} ge {instant.replace('+00:00', 'Z')}")
    order = ([STAMP] if endpoint.is_stamped else []) + list(endpoint.id_field)
    return {
        **({"$filter": " and ".join(conditions)} if conditions else {}),
        "$orderby": ",".join(order),
        "$top": str(PAGE_SIZE),
        "$count": "true",
    }


def _read_pages(
    client: ProspectClient,
    endpoint: Endpoint,
    options: Mapping[str, str],
    reader: PageReader,
    progress: Progress,
) -> Iterator[None]:
    """Read all pages; begin again where the list changed meanwhile.

    A record that changes moves to the end of the order and the pages behind its old place slide,
    so a count that does not fit, or a record seen twice, means that another may have been missed.
    """
    for _ in range(1 + MAX_REPEATS):
        check, page, number = PageCheck(), client.get_page(endpoint.name, options), 1
        while True:
            if page.count is None:
                raise DoubtfulAnswer(f"{endpoint.name}: the answer has no @odata.count.")
            ids = reader.show(page.records, page.received_at, page.count)
            yield
            check.add(number, ids, page.count)
            progress(f"{endpoint.name}: {len(check.first_page)} of {page.count}")
            following = _next(client, endpoint, options, page, len(check.first_page))
            if following is None:
                break
            page, number = following, number + 1
        if check.first_affected() is None:
            reader.seen.update(check.first_page)
            return
    raise UnstableRead(
        f"{endpoint.name} changed while it was read, {1 + MAX_REPEATS} times in a row. "
        "What was read is kept; the next run reads it again."
    )


def _next(
    client: ProspectClient,
    endpoint: Endpoint,
    options: Mapping[str, str],
    page: ODataPage,
    seen: int,
) -> ODataPage | None:
    """Follow the next link. A full page without one is gone on from by `$skip`.

    Both ways are in public clients: some servers take `$top` as the end of the list.
    """
    if page.next_link:
        return client.follow(endpoint.name, page.next_link)
    if len(page.records) == PAGE_SIZE and seen < (page.count or 0):
        return client.get_page(endpoint.name, {**options, "$skip": str(seen)})
    return None
