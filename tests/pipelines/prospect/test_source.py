"""Reads of the sandbox's Prospect, page by page, into versions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.landing import HeldState
from pipelines.prospect import source
from pipelines.prospect.endpoints import ENDPOINTS
from pipelines.prospect.source import endpoint_read, query_options, reads

TENANT = "2657c980-d3d7-5680-8408-2f0efafffd92"
LEDGERS = ENDPOINTS["SalesLedgers"]
NOTHING_HELD: Any = SimpleNamespace(held=lambda *_: HeldState())


@pytest.fixture
def ledgers(prospect, clock):
    """Add sales ledgers, each a second after the other, and return what was added."""

    def add(count: int, company: str = "A") -> list[dict[str, Any]]:
        made = []
        for number in range(count):
            clock.now += timedelta(seconds=1)
            key = f"{company}{number:04}"
            fields = {"OperatingCompanyCode": company, "SalesLedgerId": key, "Name": key}
            made.append(prospect.workspace.add("SalesLedgers", fields))
        return made

    return add


@pytest.fixture
def pages_of(monkeypatch):
    monkeypatch.setattr("pipelines.sandbox.prospect_query.PAGE", 3)
    monkeypatch.setattr(source, "PAGE_SIZE", 3)


def landed(read) -> list[dict[str, Any]]:
    rows = [row for batch in read.batches() for row in batch.to_pylist()]
    assert read.failure is None, read.failure
    return rows


def test_all_pages_are_read_in_the_order_of_the_change_stamp(connect, ledgers, prospect, pages_of):
    ledgers(8)
    ledgers(2, company="B")
    read = endpoint_read(connect(), TENANT, LEDGERS, NOTHING_HELD)
    rows = landed(read)
    assert [row["record_id"] for row in rows] == [f"A|A{number:04}" for number in range(8)]
    summary = read.summary("run", "crm")
    assert (summary.mode, summary.is_complete, summary.calls) == ("whole", True, 3)
    assert (summary.item_count, summary.records_read) == (8, 8)
    assert summary.cursor_at == rows[-1]["record_updated_at"]


def test_payload_and_stamp_are_those_of_the_answer(connect, ledgers):
    (ledger,) = ledgers(1)
    (row,) = landed(endpoint_read(connect(), TENANT, LEDGERS, NOTHING_HELD))
    assert json.loads(row["payload"])["Name"] == "A0000"
    assert row["record_updated_at"] == ledger["LastUpdatedTimestamp"].replace(tzinfo=None)


def test_changes_are_asked_for_from_the_cursor_with_an_overlap(connect, ledgers, prospect):
    ledgers(90)
    cursor = list(prospect.workspace.records("SalesLedgers"))[79]["LastUpdatedTimestamp"]
    read = endpoint_read(
        connect(), TENANT, LEDGERS, NOTHING_HELD, cursor=cursor.replace(tzinfo=None)
    )
    rows = landed(read)
    assert [row["record_id"] for row in rows] == [f"A|A{number:04}" for number in range(19, 90)]
    assert read.mode == "changes"


def test_a_change_during_the_read_is_noticed_and_nothing_is_missed(
    connect, ledgers, prospect, pages_of, monkeypatch
):
    ledgers(8)
    client = connect()
    follow, moved = client.follow, []

    def change_then_follow(entity_set, link):
        if not moved:
            moved.append(prospect.workspace.change("SalesLedgers", ("A", "A0000"), Name="moved"))
        return follow(entity_set, link)

    monkeypatch.setattr(client, "follow", change_then_follow)
    read = endpoint_read(client, TENANT, LEDGERS, NOTHING_HELD)
    names = {json.loads(row["payload"])["Name"] for row in landed(read)}
    assert names == {"moved", *(f"A{number:04}" for number in range(8))}
    assert read.summary("run", "crm").is_complete


def test_a_list_that_never_stands_still_is_given_up_and_keeps_what_was_read(
    connect, ledgers, prospect, pages_of, monkeypatch
):
    ledgers(8)
    client = connect()
    follow = client.follow

    def change_then_follow(entity_set, link):
        first = min(
            prospect.workspace.records("SalesLedgers"), key=lambda r: r["LastUpdatedTimestamp"]
        )
        prospect.workspace.change("SalesLedgers", ("A", first["SalesLedgerId"]))
        return follow(entity_set, link)

    monkeypatch.setattr(client, "follow", change_then_follow)
    read = endpoint_read(client, TENANT, LEDGERS, NOTHING_HELD)
    rows = [row for batch in read.batches() for row in batch.to_pylist()]
    assert "changed while it was read" in str(read.failure)
    assert rows
    assert not read.summary("run", "crm").is_complete


def test_a_full_page_without_a_next_link_is_gone_on_from(connect, ledgers, pages_of, monkeypatch):
    ledgers(7)
    client = connect()
    get_page = client.get_page

    def without_link(entity_set, options):
        page = get_page(entity_set, options)
        return type(page)(page.records, None, page.count, page.received_at)

    monkeypatch.setattr(client, "get_page", without_link)
    assert len(landed(endpoint_read(client, TENANT, LEDGERS, NOTHING_HELD))) == 7


def test_sets_without_a_stamp_are_read_whole_each_time(connect):
    cursors = dict.fromkeys(
        (endpoint.table for endpoint in ENDPOINTS.values()), datetime(2026, 11, 1)
    )
    modes = {
        read.table: read.mode for read in reads(connect(), TENANT, NOTHING_HELD, cursors=cursors)
    }
    whole = {table for table, mode in modes.items() if mode == "whole"}
    assert whole == {"sales_order_headers", "sales_invoice_headers"}
    assert len(modes) == 14


def test_the_query_names_the_company_the_order_and_since_when():
    since = datetime(2026, 11, 1, 9, 30, 0, 250000)
    assert query_options(LEDGERS, "O'N", since) == {
        "$filter": "OperatingCompanyCode eq 'O''N' and "
        "LastUpdatedTimestamp ge 2026-11-01T09:30:00.250Z",
        "$orderby": "LastUpdatedTimestamp,OperatingCompanyCode,SalesLedgerId",
        "$top": "1000",
        "$count": "true",
    }
    whole = query_options(ENDPOINTS["SalesOrderHeaders"], "A", None)
    assert whole["$orderby"] == "OperatingCompanyCode,OrderNumber"


def test_a_soft_delete_arrives_as_a_change_not_as_a_tombstone(connect, ledgers, prospect, clock):
    ledgers(1)
    prospect.workspace.delete("SalesLedgers", ("A", "A0000"))
    (row,) = landed(endpoint_read(connect(), TENANT, LEDGERS, NOTHING_HELD))
    assert json.loads(row["payload"])["StatusFlag"] == "D"
    assert row["is_deleted"] is False


def test_times_are_utc(connect, ledgers, clock):
    assert clock().tzinfo is UTC
    ledgers(1)
    (row,) = landed(endpoint_read(connect(), TENANT, LEDGERS, NOTHING_HELD))
    assert row["record_updated_at"] == clock().replace(tzinfo=None)
