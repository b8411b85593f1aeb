"""The rolling whole re-read: what a change stamp hides is found within a day, a part at a time.

Recoding a posted line, a changed due date and the like do not move UpdatedDateUTC. So each list is
read whole again within an interval, oldest first, within a number of calls per run. A list that
fits into what is left of them is read whole, which also shows what vanished. A longer one, or one
that was never counted, takes what such lists leave it, at least half, and is read on from where the
last run stopped, in order of the change stamp, so that records which move while it goes on are met
later and none is passed over; or, where Xero refuses to scan it, by date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines.endpoint_read import PageReader
from pipelines.failures import CallFailure
from pipelines.reads import NEVER_READ, ReadHistory
from pipelines.reread import Reread
from pipelines.web.transport import Answer
from pipelines.xero.endpoints import PAGE_SIZE, Endpoint
from pipelines.xero.errors import HighVolume
from pipelines.xero.page_reads import Ask, Get, read_pages
from pipelines.xero.paging import Page
from pipelines.xero.windows import Narrowing, first_windows

EARLY = 0.9
"""The share of the interval after which a list is due, so that it is over within the interval."""
LEAST_CALLS = 2
RESOLUTION = timedelta(seconds=1)  # of If-Modified-Since


@dataclass(frozen=True)
class RereadPlan:
    """What a run re-reads of one list: all of it, or a part of so many calls."""

    is_whole: bool
    calls: int = 0
    begun_at: datetime | None = None
    reached: datetime | None = None
    by_date: bool = False


def plan_rereads(
    endpoints: Iterable[Endpoint],
    histories: Mapping[str, ReadHistory],
    now: datetime,
    *,
    interval: timedelta,
    calls: int,
) -> dict[str, RereadPlan]:
    """Return what is due of the lists that were read before, by table (`now` is naive UTC).

    A list that was never read completely goes on with its first read; one that fits into the calls
    begins again where that has gone on for so long that what it read first is due.
    """
    known = [
        (endpoint.table, histories.get(endpoint.table, NEVER_READ))
        for endpoint in endpoints
        if endpoint.is_paged
    ]
    due = [(table, held) for table, held in known if _is_due(held, now, interval)]
    # What was begun goes on first; then what was begun longest ago.
    due.sort(key=lambda each: (each[1].reread_to is None, each[1].whole_at or datetime.min))
    plans: dict[str, RereadPlan] = {}
    for place, (table, held) in enumerate(due, start=1):
        pages = _pages(held)
        if pages is not None and pages <= calls:
            plans[table] = RereadPlan(is_whole=True)
            calls -= pages
        elif calls >= LEAST_CALLS and held.cursor_at:
            goes_on, half = held.reread_to is not None, calls // 2
            # However long it is, those that fit beside it are not kept waiting for its end.
            later = [_pages(each) or 0 for _, each in due[place:]]
            others = sum(each for each in later if each <= half)
            part = max(calls - others, calls - half, LEAST_CALLS)
            plans[table] = RereadPlan(
                is_whole=False,
                calls=part,
                begun_at=held.whole_at if goes_on else None,
                reached=held.reread_to,
                by_date=held.reread_by_date and goes_on,
            )
            calls -= part
    return plans


def _pages(held: ReadHistory) -> int | None:
    """Return how many calls the whole list takes; None where it goes on, or was never counted."""
    if held.reread_to is not None or held.item_count is None:
        return None
    return max(-(-held.item_count // PAGE_SIZE), 1)


def _is_due(held: ReadHistory, now: datetime, interval: timedelta) -> bool:
    if held.cursor_at and (held.whole_at is None or held.reread_to is not None):
        return True
    begun_at = held.whole_at if held.cursor_at else held.first_at
    return begun_at is not None and now - begun_at >= interval * EARLY


def read_part(
    endpoint: Endpoint, get: Get, plan: RereadPlan, reader: PageReader, now: datetime
) -> Iterator[None]:
    """Read the next part of a list; what came of it is in `reader.reread`.

    Trouble on the way ends the part, not the read of changes before it: the next run goes on.
    """
    part = Reread(plan.begun_at or now, plan.reached, plan.by_date)
    reader.reread = part
    read_before = reader.log.counts.records_read
    try:
        if not part.by_date:
            try:
                yield from _by_stamp(get, plan.calls, reader, part)
                return
            except HighVolume:
                part.by_date, part.reached = True, None
        yield from _by_date(endpoint, get, plan.calls, reader, part, now)
    except CallFailure as error:
        part.trouble = str(error)
    finally:
        part.records = reader.log.counts.records_read - read_before


def _by_stamp(get: Get, calls: int, reader: PageReader, part: Reread) -> Iterator[None]:
    """Read page 1 of what changed since the last record of the page before, again and again."""
    number = 1
    while part.calls < calls:
        part.calls += 1
        page, answer = get(Ask(since=part.reached), _page(number))
        reader.show(page.records, answer.received_at, reader.item_count)
        yield
        if number >= page.page_count:
            part.reached, part.is_over = None, True
            return
        latest = reader.log.page_stamp
        until = latest.replace(microsecond=0) - RESOLUTION if latest else None
        if until is not None and (part.reached is None or until > part.reached):
            part.reached, number = until, 1
        else:
            number += 1  # more than a page of one second


def _by_date(
    endpoint: Endpoint, get: Get, calls: int, reader: PageReader, part: Reread, now: datetime
) -> Iterator[None]:
    start = part.reached.date() if part.reached else None
    windows = Narrowing(first_windows(now, start))

    def counted(ask: Ask, paging: Mapping[str, str]) -> tuple[Page, Answer]:
        part.calls += 1
        return get(ask, paging)

    is_further = False  # however many refusals it takes, each part gets on
    for window in windows:
        if is_further and part.calls >= calls and window.start:
            part.reached = _midnight(window.start)
            return
        items = reader.item_count
        try:
            ask = Ask(params=window.params(endpoint.name))
            yield from read_pages(endpoint, counted, ask, reader, lambda _: None)
        except HighVolume as error:
            windows.refused(window, error)
        else:
            is_further = is_further or window.start is not None
        reader.item_count = items
    part.reached, part.is_over = None, True


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _page(number: int) -> dict[str, str]:
    return {"page": str(number), "pageSize": str(PAGE_SIZE)}
