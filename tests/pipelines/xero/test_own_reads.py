"""Lists without counts, and records that are read one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from pipelines.endpoint_read import EndpointRead
from pipelines.failures import DayLimitReached
from pipelines.landing import HeldState
from pipelines.reads import NEVER_READ, ReadHistory
from pipelines.web.usage import Usage
from pipelines.xero.endpoints import ENDPOINTS
from pipelines.xero.own_reads import own_read
from pipelines.xero.paging import Page

NOON = datetime(2026, 3, 14, 12, 0)
TENANT = "11111111-1111-1111-1111-111111111111"


class Xero:
    """A list in pages of 100 and, by id, each of its records; `before` runs before a call."""

    def __init__(self, count: int) -> None:
        self.names = [f"id-{n:03}" for n in range(count)]
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.since: list[datetime | None] = []
        self.before: dict[int, Callable[[], None]] = {}

    def get_page(self, _tenant, path, _key, params, *, if_modified_since=None) -> Any:
        self.asked.append((path, dict(params)))
        self.since.append(if_modified_since)
        self.before.get(len(self.asked), lambda: None)()
        name, _, one = path.partition("/")
        if name == "Journals":
            return self.journals(int(params["offset"]))
        number = int(params.get("page", "1"))
        shown = [one] if one else self.names[(number - 1) * 100 : number * 100]
        field = {"Quotes": "QuoteID", "LinkedTransactions": "LinkedTransactionID"}.get(
            name, "BudgetID"
        )
        records = [msgspec.Raw(json.dumps({field: each}).encode()) for each in shown]
        return Page(records), SimpleNamespace(received_at=NOON.replace(tzinfo=UTC), status=200)

    def journals(self, offset: int) -> Any:
        """Answer with the hundred journals behind a number; numbers are even, as if with gaps."""
        numbered = [
            {"JournalID": each, "JournalNumber": 2 * at, "CreatedDateUTC": f"/Date({at}000+0000)/"}
            for at, each in enumerate(self.names, start=1)
        ]
        shown = [one for one in numbered if one["JournalNumber"] > offset][:100]
        records = [msgspec.Raw(json.dumps(one).encode()) for one in shown]
        return Page(records), SimpleNamespace(received_at=NOON.replace(tzinfo=UTC), status=200)

    def usage(self, _tenant: str, path: str) -> Usage:
        return Usage(sum(asked == path for asked, _ in self.asked), 0)


class Held:
    def held(self, *_: Any) -> HeldState:
        return HeldState()


def read(
    xero: Xero, name: str, history: ReadHistory = NEVER_READ
) -> tuple[list[str], EndpointRead]:
    client: Any = xero
    held: Any = Held()
    one = own_read(
        client, TENANT, ENDPOINTS[name], held, history, now=NOON, interval=timedelta(hours=24)
    )
    return [row["record_id"] for table in one.batches() for row in table.to_pylist()], one


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (99, 1), (100, 2), (101, 2), (250, 3)])
def test_pages_are_read_until_one_is_not_full(count: int, calls: int):
    xero = Xero(count)
    ids, one = read(xero, "LinkedTransactions")
    assert ids == xero.names
    summary = one.summary("run", "connection")
    assert (summary.is_complete, summary.calls, summary.mode) == (True, calls, "whole")
    assert [params for _, params in xero.asked] == [{"page": str(n + 1)} for n in range(calls)]


def test_a_record_that_moves_to_the_end_meanwhile_is_met_twice_and_all_is_read_again():
    xero = Xero(150)
    xero.before[2] = lambda: xero.names.append(xero.names.pop(0))
    ids, one = read(xero, "LinkedTransactions")
    assert sorted(ids) == sorted(xero.names)  # the one that slid to the first page is not missed
    assert one.summary("run", "connection").calls == 4


def test_a_list_that_never_stands_still_is_not_complete():
    xero = Xero(150)
    for call in range(2, 20, 2):
        xero.before[call] = lambda: xero.names.append(xero.names.pop(0))
    _, one = read(xero, "LinkedTransactions")
    summary = one.summary("run", "connection")
    assert (summary.is_complete, summary.tombstones) == (False, 0)
    assert "changed while it was read" in (summary.error or "")


def test_quotes_are_read_since_the_last_change_and_whole_within_the_interval():
    xero = Xero(3)
    stamp = NOON - timedelta(hours=1)
    recent = ReadHistory(cursor_at=stamp, whole_at=NOON - timedelta(hours=2))
    _, one = read(xero, "Quotes", recent)
    assert xero.since == [(stamp - timedelta(minutes=1)).replace(tzinfo=UTC)]
    assert one.mode == "changes"
    _, one = read(xero, "Quotes", ReadHistory(cursor_at=stamp, whole_at=NOON - timedelta(days=1)))
    assert (xero.since[-1], one.mode) == (None, "whole")


def test_each_budget_is_read_for_a_year_back_and_a_year_ahead():
    xero = Xero(2)
    ids, one = read(xero, "Budgets")
    assert ids == ["id-000", "id-001"]
    window = {"DateFrom": "2025-03-01", "DateTo": "2027-02-28"}
    assert xero.asked == [("Budgets", {}), ("Budgets/id-000", window), ("Budgets/id-001", window)]
    assert one.summary("run", "connection").calls == 3


@pytest.mark.parametrize(
    ("count", "offsets"), [(0, [0]), (99, [0]), (100, [0, 200]), (150, [0, 200])]
)
def test_journals_are_read_behind_the_last_number_until_fewer_than_a_hundred_come(count, offsets):
    xero = Xero(count)
    ids, one = read(xero, "Journals")
    assert ids == xero.names
    assert [int(params["offset"]) for _, params in xero.asked] == offsets
    assert one.summary("run", "connection").is_complete


def test_journals_never_change_so_only_new_ones_are_asked_for_however_long_ago_all_were_read():
    xero = Xero(3)
    stamp = NOON - timedelta(days=90)
    long_ago = ReadHistory(cursor_at=stamp, whole_at=stamp)
    _, one = read(xero, "Journals", long_ago)
    assert xero.since == [(stamp - timedelta(minutes=1)).replace(tzinfo=UTC)]
    assert one.mode == "changes"  # which gives no tombstones


def test_a_reading_of_journals_that_breaks_off_is_gone_on_with_where_it_stopped():
    xero = Xero(250)

    def fail() -> None:
        raise DayLimitReached("the calls of the day")

    xero.before[3] = fail
    ids, one = read(xero, "Journals")
    summary = one.summary("run", "connection")
    assert (len(ids), summary.is_complete) == (200, False)
    assert summary.cursor_at == datetime(1970, 1, 1, 0, 3, 20)  # of the two hundredth
    _, again = read(xero, "Journals", ReadHistory(resume_at=summary.cursor_at))
    assert again.summary("run", "connection").is_complete


def test_numbers_that_do_not_grow_are_doubted():
    xero = Xero(100)
    xero.journals = lambda offset: Xero.journals(xero, 0)
    _, one = read(xero, "Journals")
    assert "behind number 200 came 200" in (one.summary("run", "connection").error or "")
