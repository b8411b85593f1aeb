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
        number = int(params.get("page", "1"))
        shown = [one] if one else self.names[(number - 1) * 100 : number * 100]
        field = {"Quotes": "QuoteID", "LinkedTransactions": "LinkedTransactionID"}.get(
            name, "BudgetID"
        )
        records = [msgspec.Raw(json.dumps({field: each}).encode()) for each in shown]
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
