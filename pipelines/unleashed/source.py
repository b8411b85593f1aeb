"""Reads resources of Unleashed: which pages, since which day, and do they fit.

In: the client (HTTP) and what is to be read. Out: `EndpointRead`s, whose batches land in the raw
log. Changes are asked for since a day, the cursor's own included; what is known is not written
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.connections import UnleashedConnection
from pipelines.endpoint_read import EndpointRead, PageReader, Progress, UnstableRead
from pipelines.landing import Landing
from pipelines.settings import Credentials
from pipelines.unleashed.client import UnleashedClient
from pipelines.unleashed.endpoints import ENDPOINTS, ID_FIELD, PAGE_SIZE, STAMP, Endpoint
from pipelines.web.page_check import PageCheck

SYSTEM = "unleashed"
DATASET = "raw_unleashed"
MAX_REPEATS = 3
OVERLAP = timedelta(minutes=1)
"""A record may become visible a little after the stamp it carries: near midnight, the day before
is read as well."""


def open_client(
    connection: UnleashedConnection, credentials: Credentials, home: Path
) -> UnleashedClient:
    """Return a client of a connection.

    Raises:
        WrongCredentials: The API id or key is not set.
    """
    return UnleashedClient(connection, credentials, home)


def reads(
    client: UnleashedClient,
    tenant_id: str,
    landing: Landing,
    *,
    cursors: Mapping[str, datetime],
    full: bool = False,
    progress: Progress | None = None,
) -> list[EndpointRead]:
    """Prepare the reads of all resources; nothing is called yet.

    Args:
        client: Calls Unleashed.
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
    client: UnleashedClient,
    tenant_id: str,
    endpoint: Endpoint,
    landing: Landing,
    *,
    cursor: datetime | None = None,
    full: bool = False,
    progress: Progress | None = None,
) -> EndpointRead:
    """Prepare the read of one resource; the arguments are those of `reads`."""
    since = None if full or cursor is None else (cursor - OVERLAP).date()
    options = {"pageSize": str(PAGE_SIZE), **endpoint.params}
    if since is not None:
        options["modifiedSince"] = since.isoformat()

    def pages(reader: PageReader) -> Iterator[None]:
        return _read_pages(client, endpoint, options, reader, progress or (lambda _: None))

    return EndpointRead(
        system=SYSTEM,
        tenant_id=tenant_id,
        table=endpoint.table,
        id_field=ID_FIELD,
        stamp_field=STAMP,
        landing=landing,
        mode="changes" if since else "whole",
        pages=pages,
        usage=lambda: client.usage(endpoint.name),
        accept_empty=full,
    )


def _read_pages(
    client: UnleashedClient,
    endpoint: Endpoint,
    options: Mapping[str, str],
    reader: PageReader,
    progress: Progress,
) -> Iterator[None]:
    """Read all pages; the order of the list is not documented, so begin again where it moved."""
    for _ in range(1 + MAX_REPEATS):
        check, number = PageCheck(), 1
        while True:
            page = client.get_page(endpoint.name, number, options)
            ids = reader.show(page.records, page.received_at, page.item_count)
            yield
            check.add(number, ids, page.item_count)
            progress(f"{endpoint.name}: {len(check.first_page)} of {page.item_count}")
            if number >= page.page_count:
                break
            number += 1
        if check.first_affected() is None:
            reader.seen.update(check.first_page)
            return
    raise UnstableRead(
        f"{endpoint.name} changed while it was read, {1 + MAX_REPEATS} times in a row. "
        "What was read is kept; the next run reads it again."
    )
