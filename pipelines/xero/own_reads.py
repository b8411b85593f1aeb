"""Reads the endpoints that are neither a list in one answer nor counted pages.

Reports are read per month end (`report_reads`). Quotes and linked transactions come in pages of 100
that do not say how many there are: a page that is not full is the last, and a record that is met
twice shows that the pages slid, so that they are read again. A list of budgets shows no amounts:
each is read by its id, for the months around the present one. Journals come oldest first, the 100
behind a number; none ever changes, so that only those made since the last one are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

import msgspec

from pipelines.endpoint_read import DoubtfulAnswer, EndpointRead, PageReader, UnstableRead
from pipelines.landing import Landing
from pipelines.reads import ReadHistory
from pipelines.web.transport import Answer
from pipelines.web.usage import Usage
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoint import Endpoint
from pipelines.xero.paging import Page
from pipelines.xero.report_reads import is_due, month_ends, report_read

PAGE_SIZE = 100
MAX_REPEATS = 3
OVERLAP = timedelta(minutes=1)  # as for the counted lists (`source`)

Get = Callable[[str, Mapping[str, str]], tuple[Page, Answer]]


def own_read(
    client: XeroClient,
    tenant_id: str,
    endpoint: Endpoint,
    landing: Landing,
    history: ReadHistory,
    *,
    now: datetime,
    interval: timedelta,
    full: bool = False,
) -> EndpointRead:
    """Prepare the read of an endpoint with a way of its own; nothing is called yet.

    Args:
        client: Calls Xero.
        tenant_id: The organisation.
        endpoint: What to read; it `reads_its_own_way`.
        landing: What the raw log holds.
        history: What earlier runs read of it.
        now: Naive UTC.
        interval: Within how long everything is read again.
        full: Read everything all the same, and take an empty list as it is.
    """
    if endpoint.month_ends:
        return report_read(
            client, tenant_id, endpoint, landing, history, now=now, interval=interval, full=full
        )
    is_again = full or (not endpoint.number_field and is_due(history, now, interval))
    goes_on = endpoint.takes_since and not is_again
    since = history.since - OVERLAP if goes_on and history.since else None
    asked: set[str] = {endpoint.name}

    def get(path: str, params: Mapping[str, str]) -> tuple[Page, Answer]:
        asked.add(path)
        return client.get_page(
            tenant_id,
            path,
            endpoint.list_key,
            {**endpoint.params, **params},
            if_modified_since=since.replace(tzinfo=UTC) if since else None,
        )

    def pages(reader: PageReader) -> Iterator[None]:
        if endpoint.months_each:
            return _read_each(endpoint, get, reader, now.date(), endpoint.months_each)
        if endpoint.number_field:
            return _read_numbered(endpoint, get, reader, endpoint.number_field)
        return _read_uncounted(endpoint, get, reader)

    return EndpointRead(
        system="xero",
        tenant_id=tenant_id,
        table=endpoint.table,
        id_field=endpoint.id_field,
        stamp_field=endpoint.stamp_field,
        landing=landing,
        mode="changes" if since else "whole",
        pages=pages,
        usage=lambda: sum((client.usage(tenant_id, path) for path in asked), Usage()),
        accept_empty=full,
        is_ordered=endpoint.number_field is not None,
    )


def _read_numbered(endpoint: Endpoint, get: Get, reader: PageReader, field: str) -> Iterator[None]:
    last = 0
    while True:
        page, answer = get(endpoint.name, {"offset": str(last)})
        reader.seen.update(reader.show(page.records, answer.received_at))
        yield
        if len(page.records) < PAGE_SIZE:
            return
        former, last = last, _number_of(page.records[-1], field)
        if last <= former:
            raise DoubtfulAnswer(
                f"{endpoint.name}: behind number {former} came {last}. What was read is kept; "
                "the next run goes on from there."
            )


def _read_uncounted(endpoint: Endpoint, get: Get, reader: PageReader) -> Iterator[None]:
    for _ in range(MAX_REPEATS + 1):
        seen: set[str] = set()
        slid, number = False, 0
        while True:
            number += 1
            page, answer = get(endpoint.name, {"page": str(number)})
            ids = reader.show(page.records, answer.received_at)
            yield
            slid = slid or len(seen | set(ids)) < len(seen) + len(ids)
            seen.update(ids)
            if len(ids) < PAGE_SIZE:
                break
        if not slid:
            reader.seen.update(seen)
            return
    raise UnstableRead(
        f"{endpoint.name} changed while it was read, {MAX_REPEATS + 1} times in a row. "
        "What was read is kept; the next run reads it again."
    )


def _read_each(
    endpoint: Endpoint, get: Get, reader: PageReader, today: date, months: int
) -> Iterator[None]:
    listed, _ = get(endpoint.name, {})
    dates = _around(today, months)
    for record in listed.records:
        record_id = _id_of(record, endpoint.id_field)
        page, answer = get(f"{endpoint.name}/{record_id}", dates)
        if len(page.records) != 1:
            raise DoubtfulAnswer(f"{endpoint.name} {record_id}: {len(page.records)} records came.")
        reader.seen.update(reader.show(page.records, answer.received_at))
        yield


def _around(today: date, months: int) -> dict[str, str]:
    """Return the months before the present one and, half of them, from it on."""
    past = [first for first, _ in month_ends(today, months // 2 + 1)]
    ahead = date(today.year + 1, today.month, 1) - timedelta(days=1)
    return {"DateFrom": past[-1].isoformat(), "DateTo": ahead.isoformat()}


def _number_of(record: msgspec.Raw, field: str) -> int:
    number = msgspec.json.decode(record).get(field)
    if not isinstance(number, int):
        raise DoubtfulAnswer(f"A record of the list has no {field}.")
    return number


def _id_of(record: msgspec.Raw, field: str) -> str:
    found = msgspec.json.decode(record)
    record_id = found.get(field)
    if not isinstance(record_id, str):
        raise DoubtfulAnswer(f"A record of the list has no {field}.")
    return record_id
