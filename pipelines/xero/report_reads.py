"""Reads a report once for each month end: the trial balance, profit and loss, balance sheet.

From the present month back until a report shows no figure, at most `MAX_MONTHS`. A record of the
raw log is one report at one date, `TrialBalance/2026-10-31`. What Xero writes of the reading itself
(when, under which id) is no part of a version, so a report that shows the same figures is not
written again. The months before the last one are read again within the interval of the whole
re-read; between two of those only this month and the last are.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from pipelines.endpoint_read import DoubtfulAnswer, EndpointRead, PageReader
from pipelines.landing import Landing
from pipelines.reads import ReadHistory, ReadSummary
from pipelines.record_log import HeldVersion, VersionLog
from pipelines.web.transport import Answer
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoint import Endpoint, MonthEnds
from pipelines.xero.paging import Page

MAX_MONTHS = 36
RECENT = 2  # this month and the last
OF_THE_READING = frozenset({"ReportID", "ReportDate", "UpdatedDateUTC"})
EARLY = 0.9  # of the interval, so that the whole read is over within it

Get = Callable[[Mapping[str, str]], tuple[Page, Answer]]


class ReportRead(EndpointRead):
    """One read of one report at its month ends."""

    def __init__(self, *, is_whole: bool, **read: Any) -> None:
        super().__init__(mode="changes", **read)
        self.compares_with_all = True  # some hundreds, each a page of its own
        self._reads_all = is_whole

    def summary(self, run_id: str, connection: str) -> ReadSummary:
        """Return what became of the read; `whole_at` tells the next run when all was read."""
        done = super().summary(run_id, connection)
        is_whole = self._reads_all and done.is_complete
        return replace(done, whole_at=done.started_at if is_whole else None)

    def _new_log(
        self,
        *,
        held: Mapping[str, HeldVersion] | None = None,
        lookup: Callable[[Sequence[str]], Mapping[str, HeldVersion]] | None = None,
        not_before: datetime | None = None,
    ) -> ReportLog:
        return ReportLog(
            self._tenant_id,
            id_field=self._id_field,
            stamp_field=self._stamp_field,
            held=held or {},
            lookup=lookup,
            not_before=not_before,
        )


class ReportLog(VersionLog):
    """Names each report by what was asked for, which the report itself does not say."""

    apart = OF_THE_READING
    report_id = ""

    def _record_id(self, fields: Mapping[str, Any], digest: str) -> str:
        return self.report_id or super()._record_id(fields, digest)


def report_read(
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
    """Prepare the read of one report; nothing is called yet.

    Args:
        client: Calls Xero.
        tenant_id: The organisation.
        endpoint: The report; it has `month_ends`.
        landing: What the raw log holds.
        history: What earlier runs read of it.
        now: Naive UTC; says which month is the present one.
        interval: Within how long every month is read again.
        full: Read every month all the same.
    """
    is_whole = full or is_due(history, now, interval)

    def get(params: Mapping[str, str]) -> tuple[Page, Answer]:
        return client.get_page(tenant_id, endpoint.name, endpoint.list_key, params)

    def pages(reader: PageReader) -> Iterator[None]:
        return _read_months(endpoint, get, reader, now.date(), MAX_MONTHS if is_whole else RECENT)

    return ReportRead(
        is_whole=is_whole,
        system="xero",
        tenant_id=tenant_id,
        table=endpoint.table,
        id_field=endpoint.id_field,
        stamp_field=None,
        landing=landing,
        pages=pages,
        usage=lambda: client.usage(tenant_id, endpoint.name),
    )


def is_due(history: ReadHistory, now: datetime, interval: timedelta) -> bool:
    """Whether everything is to be read again, so that it is over within the interval."""
    return history.whole_at is None or now - history.whole_at >= interval * EARLY


def month_ends(today: date, count: int) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of this month and of those before it."""
    year, month = today.year, today.month
    for _ in range(count):
        yield date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def has_figures(report: msgspec.Raw) -> bool:
    """Whether an account has an amount that is not zero."""
    for section in msgspec.json.decode(report, type=_Report).rows:
        for row in section.rows:
            named = row.cells and any(one.id == "account" for one in row.cells[0].attributes)
            if named and any(cell.value.strip("-0.,") for cell in row.cells[1:]):
                return True
    return False


class _Attribute(msgspec.Struct, rename="pascal"):
    id: str = ""


class _Cell(msgspec.Struct, rename="pascal"):
    value: str = ""
    attributes: list[_Attribute] = []


class _Row(msgspec.Struct, rename="pascal"):
    cells: list[_Cell] = []


class _Section(msgspec.Struct, rename="pascal"):
    rows: list[_Row] = []


class _Report(msgspec.Struct, rename="pascal"):
    rows: list[_Section] = []


def _read_months(
    endpoint: Endpoint, get: Get, reader: PageReader, today: date, count: int
) -> Iterator[None]:
    asked = endpoint.month_ends
    assert asked is not None, endpoint.name
    assert isinstance(reader.log, ReportLog)
    name, empty = endpoint.name.partition("/")[2], 0
    for first, last in month_ends(today, count):
        page, answer = get({**endpoint.params, **_dates(asked, first, last)})
        if len(page.records) != 1:
            raise DoubtfulAnswer(f"{endpoint.name} at {last}: {len(page.records)} reports came.")
        reader.log.report_id = f"{name}/{last.isoformat()}"
        reader.seen.update(reader.show(page.records, answer.received_at))
        yield
        empty = 0 if has_figures(page.records[0]) else empty + 1
        if empty == asked.empty_months:
            return


def _dates(asked: MonthEnds, first: date, last: date) -> dict[str, str]:
    period = {asked.first: first.isoformat()} if asked.first else {}
    return {**period, asked.last: last.isoformat()}
