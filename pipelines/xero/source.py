"""Reads one endpoint of one organisation from Xero: which pages, since when, and do they fit.

In: the client (HTTP) and an endpoint. Out: an `EndpointRead`, whose batches land in the raw log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta

from pipelines.endpoint_read import EndpointRead, PageReader, Progress, utc_now
from pipelines.landing import Landing
from pipelines.web.transport import Answer
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import Endpoint
from pipelines.xero.errors import HighVolume
from pipelines.xero.named_reads import read_named, read_named_after_changes
from pipelines.xero.page_reads import Ask, Get, read_list, read_pages
from pipelines.xero.paging import Page
from pipelines.xero.rereads import RereadPlan, read_part
from pipelines.xero.windows import Narrowing, first_windows, undated_params

SYSTEM = "xero"
DATASET = "raw_xero"
OVERLAP = timedelta(minutes=1)
"""If-Modified-Since has a resolution of one second, and a record may become visible a little after
the stamp it carries: the last minute is read again, and what is known is not written again."""
CLOCKS_APART = timedelta(minutes=10)
"""How far our clock may be from Xero's where it stands for when a read began."""


def endpoint_read(
    client: XeroClient,
    tenant_id: str,
    endpoint: Endpoint,
    landing: Landing,
    *,
    cursor: datetime | None = None,
    is_resumed: bool = False,
    complete_to: datetime | None = None,
    full: bool = False,
    reread: RereadPlan | None = None,
    named: Sequence[str] = (),
    only_named: bool = False,
    pool: Executor | None = None,
    progress: Progress | None = None,
) -> EndpointRead:
    """Prepare the read of one endpoint; nothing is called yet.

    Args:
        client: Calls Xero.
        tenant_id: The organisation.
        endpoint: What to read.
        landing: What the raw log holds.
        cursor: The change stamp (naive UTC) up to which all is read; None reads all.
        is_resumed: The cursor is where a read broke off: see that nothing before it was missed.
        complete_to: The change stamp up to which the last complete read came, where it is resumed.
        full: Read everything all the same, and take an empty list as it is.
        reread: What to read again though its stamp has not moved.
        named: Records to read by their ids, besides what changed.
        only_named: Read nothing else; the cursor stays where it is.
        pool: Gets pages ahead; None gets one after the other.
        progress: Told a line per page.
    """
    is_whole = full or (reread is not None and reread.is_whole)
    since = cursor - OVERLAP if cursor and endpoint.is_paged and not is_whole else None
    tell = progress or (lambda _: None)

    def get(ask: Ask, paging: Mapping[str, str]) -> tuple[Page, Answer]:
        return client.get_page(
            tenant_id,
            endpoint.name,
            endpoint.list_key,
            {**endpoint.params, **ask.params, **paging},
            if_modified_since=ask.since.replace(tzinfo=UTC) if ask.since else None,
        )

    def pages(reader: PageReader) -> Iterator[None]:
        if only_named:
            reader.hold_cursor()
            yield from read_named(endpoint, get, named, reader)
            return
        if not endpoint.is_paged:
            yield from read_list(endpoint, get, reader)
            return
        try:
            yield from read_pages(endpoint, get, Ask(since), reader, tell, pool)
        except HighVolume:
            yield from _in_windows(endpoint, get, since, reader, tell, pool)
        if since and is_resumed:
            base = Ask(complete_to - OVERLAP if complete_to else None)
            yield from _completed(endpoint, get, base, landing, tenant_id, reader, tell, pool)
        if since and named:
            yield from read_named_after_changes(endpoint, get, named, reader)
        if since and reread:
            reader.hold_cursor()  # what is re-read is no change
            yield from read_part(endpoint, get, reread, reader, utc_now())

    return EndpointRead(
        system=SYSTEM,
        tenant_id=tenant_id,
        table=endpoint.table,
        id_field=endpoint.id_field,
        stamp_field=endpoint.stamp_field,
        landing=landing,
        mode="changes" if since or only_named else "whole",
        pages=pages,
        usage=lambda: client.usage(tenant_id, endpoint.name),
        accept_empty=full,
        is_ordered=not only_named and endpoint.is_paged and endpoint.stamp_field is not None,
    )


def _in_windows(
    endpoint: Endpoint,
    get: Get,
    since: datetime | None,
    reader: PageReader,
    progress: Progress,
    pool: Executor | None,
) -> Iterator[None]:
    """Read a list by dates where Xero will not scan it at once, then what changed meanwhile.

    Raises:
        HighVolume: A single day, or what changed meanwhile, is still too much.
    """
    begun_at = utc_now()
    windows, is_complete = Narrowing(first_windows(begun_at)), False
    try:
        for window in windows:
            ask = Ask(since, window.params(endpoint.name))
            try:
                yield from read_pages(endpoint, get, ask, reader, progress, pool)
            except HighVolume as error:
                windows.refused(window, error)
        undated = undated_params(endpoint.name)
        if undated:
            yield from read_pages(endpoint, get, Ask(since, undated), reader, progress, pool)
        meanwhile = max(begun_at - CLOCKS_APART, since or datetime.min)
        yield from read_pages(endpoint, get, Ask(meanwhile), reader, progress, pool)
        is_complete = True
    finally:  # a window's count is not that of the list
        reader.item_count = len(reader.seen) if is_complete else None


def _completed(
    endpoint: Endpoint,
    get: Get,
    base: Ask,
    landing: Landing,
    tenant_id: str,
    reader: PageReader,
    progress: Progress,
    pool: Executor | None,
) -> Iterator[None]:
    """Read all since `base` after all if what is held of it and what Xero counts are not as many.

    While the pages of the read that broke off slid, a record, or a change of one, may have passed
    from a page that was still to come to one that had been read; only the end of that read would
    have shown it.
    """
    since = base.since.replace(microsecond=0) if base.since else None
    live = landing.live_ids(endpoint.table, tenant_id, since) | reader.log.live_ids(since)
    try:
        page, _ = get(base, {"page": "1", "pageSize": "1"})
    except HighVolume:
        return  # too many to be counted: the rolling re-read finds it
    if page.item_count != len(live):
        changes = reader.item_count
        yield from read_pages(endpoint, get, base, reader, progress, pool)
        reader.item_count = changes
