"""Reads of the sandbox's Unleashed, page by page, into versions."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.landing import HeldState
from pipelines.unleashed import source
from pipelines.unleashed.endpoints import ENDPOINTS
from pipelines.unleashed.source import endpoint_read, reads

TENANT = "2657c980-d3d7-5680-8408-2f0efafffd92"
CUSTOMERS, INVOICES = ENDPOINTS["Customers"], ENDPOINTS["Invoices"]
NOTHING_HELD: Any = SimpleNamespace(held=lambda *_: HeldState())


@pytest.fixture
def customers(unleashed, clock):
    """Add customers, each an hour after the other."""

    def add(count: int) -> None:
        for number in range(count):
            clock.now += timedelta(hours=1)
            guid = f"00000000-0000-4000-8000-{number:012}"
            record = {"Guid": guid, "CustomerCode": f"C{number}", "LastModifiedOn": clock()}
            unleashed.account.put("Customers", record)

    return add


@pytest.fixture
def invoice(unleashed, clock):
    def add(guid: str, status: str) -> None:
        record = {"Guid": guid, "InvoiceStatus": status, "LastModifiedOn": clock()}
        unleashed.account.put("Invoices", record)

    return add


def landed(read) -> list[dict[str, Any]]:
    rows = [row for batch in read.batches() for row in batch.to_pylist()]
    assert read.failure is None, read.failure
    return rows


def test_all_numbered_pages_are_read(connect, customers, unleashed, monkeypatch):
    monkeypatch.setattr(source, "PAGE_SIZE", 3)
    customers(8)
    read = endpoint_read(connect(), TENANT, CUSTOMERS, NOTHING_HELD)
    rows = landed(read)
    assert len(rows) == 8
    assert [path for path, _ in unleashed.requests] == ["Customers/1", "Customers/2", "Customers/3"]
    summary = read.summary("run", "stock")
    assert (summary.mode, summary.calls, summary.item_count) == ("whole", 3, 8)
    assert summary.cursor_at == max(row["record_updated_at"] for row in rows)


def test_changes_are_asked_for_since_the_day_of_the_cursor(connect, customers, unleashed, clock):
    customers(60)  # from 10 o'clock on: more than two days
    cursor = clock().replace(tzinfo=None)
    read = endpoint_read(connect(), TENANT, CUSTOMERS, NOTHING_HELD, cursor=cursor)
    rows = landed(read)
    assert f"modifiedSince={cursor.date()}" in unleashed.requests[0][1]
    assert {row["record_updated_at"].date() for row in rows} == {cursor.date()}
    assert read.mode == "changes"


def test_near_midnight_the_day_before_is_read_as_well(connect, customers, unleashed, clock):
    customers(1)
    cursor = clock().replace(tzinfo=None, hour=0, minute=0, second=20)
    landed(endpoint_read(connect(), TENANT, CUSTOMERS, NOTHING_HELD, cursor=cursor))
    assert f"modifiedSince={cursor.date() - timedelta(days=1)}" in unleashed.requests[0][1]


def test_a_deleted_invoice_is_asked_for_and_seen(connect, invoice):
    invoice("a", "Completed")
    invoice("b", "Deleted")
    rows = landed(endpoint_read(connect(), TENANT, INVOICES, NOTHING_HELD))
    statuses = {row["record_id"]: json.loads(row["payload"])["InvoiceStatus"] for row in rows}
    assert statuses == {"a": "Completed", "b": "Deleted"}


def test_a_record_that_vanishes_between_two_pages_is_noticed(
    connect, customers, unleashed, monkeypatch
):
    monkeypatch.setattr(source, "PAGE_SIZE", 3)
    customers(8)
    client = connect()
    get_page, gone = client.get_page, []

    def vanish_then_get(resource, page, options):
        if page == 2 and not gone:
            gone.append("00000000-0000-4000-8000-000000000001")
            unleashed.account.remove("Customers", gone[0])
        return get_page(resource, page, options)

    monkeypatch.setattr(client, "get_page", vanish_then_get)
    read = endpoint_read(client, TENANT, CUSTOMERS, NOTHING_HELD)
    rows = landed(read)
    # It was seen once and is gone in the end: a version and its tombstone.
    assert [row["is_deleted"] for row in rows if row["record_id"] == gone[0]] == [False, True]
    live = {row["record_id"] for row in rows if not row["is_deleted"]} - set(gone)
    assert len(live) == 7


def test_each_resource_has_its_read(connect):
    found = reads(connect(), TENANT, NOTHING_HELD, cursors={})
    assert [read.table for read in found] == ["customers", "products", "sales_orders", "invoices"]
    assert {read.mode for read in found} == {"whole"}
