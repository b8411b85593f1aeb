"""Reports at month ends: from the present month back, a record each, no version of nothing new."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from pipelines.landing import HeldState
from pipelines.reads import NEVER_READ, ReadHistory
from pipelines.record_log import HeldVersion
from pipelines.xero.endpoints import ENDPOINTS
from pipelines.xero.paging import Page
from pipelines.xero.report_reads import has_figures, month_ends, report_read

NOON = datetime(2026, 3, 14, 12, 0)
TENANT = "11111111-1111-1111-1111-111111111111"
DAY = timedelta(hours=24)


def a_report(amount: str, *, read_at: str = "1") -> dict[str, Any]:
    attributes = [{"Id": "account", "Value": "sales"}]
    cells = [{"Value": text, "Attributes": attributes} for text in ("Sales (200)", "", amount)]
    return {
        "ReportID": read_at,
        "UpdatedDateUTC": f"/Date({read_at})/",
        "Rows": [
            {"RowType": "Header", "Cells": [{"Value": "Account"}]},
            {
                "RowType": "Section",
                "Title": "Revenue",
                "Rows": [{"RowType": "Row", "Cells": cells}],
            },
        ],
    }


class Reports:
    """Answers as Xero does; a month has the figure it is given, others none."""

    def __init__(self, **figures: str) -> None:
        self.figures = {key.strip("_").replace("_", "-"): one for key, one in figures.items()}
        self.asked: list[dict[str, str]] = []
        self.read_at = "1"

    def get_page(self, tenant_id: str, path: str, list_key: str, params: dict[str, str]) -> Any:
        self.asked.append(dict(params))
        month = params.get("date", params.get("toDate", ""))[:7]
        report = a_report(self.figures.get(month, "0.00"), read_at=self.read_at)
        text = msgspec.Raw(json.dumps(report).encode())
        return Page([text]), SimpleNamespace(received_at=NOON.replace(tzinfo=UTC), status=200)

    def usage(self, *_: str) -> Any:
        return SimpleNamespace(calls=len(self.asked), bytes=0)


class Held:
    """What the raw log holds."""

    def __init__(self) -> None:
        self.versions: dict[str, HeldVersion] = {}

    def held(self, table: str, tenant_id: str, record_ids: Any = None) -> HeldState:
        return HeldState(self.versions)


@pytest.fixture
def held() -> Held:
    return Held()


def read(
    reports: Reports, held: Any, *, name: str = "TrialBalance", history=NEVER_READ, full=False
):
    """Return (record id, version hash) of the rows, and the summary."""
    client: Any = reports
    endpoint = ENDPOINTS[f"Reports/{name}"]
    one = report_read(client, TENANT, endpoint, held, history, now=NOON, interval=DAY, full=full)
    rows = [row for table in one.batches() for row in table.to_pylist()]
    held.versions |= {
        row["record_id"]: HeldVersion(row["version_hash"], None, False) for row in rows
    }
    return [row["record_id"] for row in rows], one.summary("run", "connection")


def test_the_months_are_the_present_one_and_those_before():
    assert list(month_ends(date(2026, 1, 31), 3)) == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2025, 12, 1), date(2025, 12, 31)),
        (date(2025, 11, 1), date(2025, 11, 30)),
    ]


def test_months_are_read_back_to_the_first_without_a_figure(held):
    reports = Reports(_2026_03="5.00", _2026_02="3.00")
    ids, summary = read(reports, held)
    assert ids == [f"TrialBalance/{day}" for day in ("2026-03-31", "2026-02-28", "2026-01-31")]
    assert [ask["date"] for ask in reports.asked] == ["2026-03-31", "2026-02-28", "2026-01-31"]
    assert (summary.is_complete, summary.tombstones) == (True, 0)
    assert summary.whole_at is not None


def test_a_statement_is_of_its_month_and_goes_on_through_months_without_trade(held):
    reports = Reports(_2026_03="5.00", _2025_10="3.00")
    read(reports, held, name="ProfitAndLoss")
    asked = [(ask["fromDate"], ask["toDate"]) for ask in reports.asked]
    assert asked[0] == ("2026-03-01", "2026-03-31")
    assert asked[-1] == ("2024-10-01", "2024-10-31")  # the twelfth without a figure
    assert reports.asked[0]["standardLayout"] == "true"


def test_at_most_three_years_are_read(held):
    reports = Reports(**{f"_{y}_{m:02}": "1.00" for y in range(2020, 2027) for m in range(1, 13)})
    ids, _ = read(reports, held)
    assert (len(ids), ids[-1]) == (36, "TrialBalance/2023-04-30")


def test_between_whole_reads_only_this_month_and_the_last_are_read(held):
    reports = Reports(_2026_03="5.00", _2026_02="3.00", _2026_01="1.00")
    history = ReadHistory(whole_at=NOON - timedelta(hours=3))
    ids, summary = read(reports, held, history=history)
    assert ids == ["TrialBalance/2026-03-31", "TrialBalance/2026-02-28"]
    assert summary.whole_at is None  # the older months are still due at their time
    assert len(read(reports, held, history=history, full=True)[0]) == 2  # January and before


def test_the_whole_is_read_again_within_the_interval(held):
    reports = Reports(_2026_03="5.00", _2026_02="3.00", _2026_01="1.00")
    read(reports, held, history=ReadHistory(whole_at=NOON - timedelta(hours=22)))
    assert len(reports.asked) == 4


def test_the_same_figures_read_at_another_time_are_no_new_version(held):
    reports = Reports(_2026_03="5.00")
    read(reports, held)
    reports.read_at = "2"
    assert read(reports, held)[0] == []
    reports.figures["2026-03"] = "6.00"
    assert read(reports, held)[0] == ["TrialBalance/2026-03-31"]


@pytest.mark.parametrize(
    ("amount", "expected"), [("0.00", False), ("", False), ("-0.01", True), ("1,000.00", True)]
)
def test_a_figure_is_what_is_not_zero(amount: str, expected: bool):
    assert has_figures(msgspec.Raw(json.dumps(a_report(amount)).encode())) is expected
