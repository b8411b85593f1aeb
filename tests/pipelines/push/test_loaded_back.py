"""The ledger in the warehouse: every row as it is, each change once."""

from __future__ import annotations

import json
from datetime import timedelta

import duckdb
import pytest
from desired_state import HARBOUR, THISTLE, a_record, an_invoice, an_item
from plans import a_plan
from sqlalchemy import select, update

from pipelines.push.approve import approve
from pipelines.push.ledger import ledger_now
from pipelines.push.loaded_back import load_back
from pipelines.push.planned import store_plan
from pipelines.push.tables import OPERATIONS
from pipelines.warehouse import Warehouse


@pytest.fixture
def rows(settings):
    """The rows of a table of raw_push: (tenant_id, record_id, payload), in order of landing."""

    def read(table):
        with duckdb.connect(str(Warehouse(settings.home).path), read_only=True) as connection:
            found = connection.execute(
                f"select tenant_id, record_id, payload from raw_push.{table} order by extracted_at"  # noqa: S608
            ).fetchall()
        return [
            (tenant_id, record_id, json.loads(payload)) for tenant_id, record_id, payload in found
        ]

    return read


def a_stored_plan(ledger):
    records = [
        a_record("xero", "items", an_item()),
        a_record("xero", "invoices", an_invoice()),
        a_record("xero", "items", an_item(tenant_id=THISTLE)),
    ]
    return store_plan(ledger, a_plan(records, now=ledger_now()))


def an_approved_plan(ledger):
    plan = a_stored_plan(ledger)
    approve(ledger, plan.plan_id, "bea", ledger_now())
    return plan


def test_each_row_lands_with_its_columns_and_its_organisation(settings, ledger, rows):
    plan = an_approved_plan(ledger)
    load_back(settings)
    with ledger.reading() as connection:
        held = connection.execute(select(OPERATIONS)).mappings().all()
    landed = {record_id: (tenant, payload) for tenant, record_id, payload in rows("operations")}
    assert len(landed) == 3
    for row in held:
        tenant_id, payload = landed[row["operation_id"]]
        assert tenant_id == row["tenant_id"]
        assert set(payload) == set(OPERATIONS.columns.keys())
        assert payload["changed_at"] == row["changed_at"].isoformat()
        assert {**payload, "changed_at": row["changed_at"]} == dict(row)
    approvals = {row["operation_id"]: (tenant, row) for tenant, _, row in rows("approvals")}
    assert set(approvals) == set(landed)
    tenant_id, approval = approvals[f"{plan.plan_id}/2"]
    assert (tenant_id, approval["approved_by"]) == (HARBOUR, "bea")
    assert {tenant_id for tenant_id, _, _ in rows("plans")} == {HARBOUR, THISTLE}
    assert rows("attempts") == []


def test_what_nobody_has_approved_stays_in_the_ledger(settings, ledger, rows):
    plan = a_stored_plan(ledger)
    assert load_back(settings) == 0
    approve(ledger, plan.plan_id, "bea", ledger_now(), only=["INV-1042"])
    assert load_back(settings) == 3
    landed = [record_id for table in ("plans", "operations") for _, record_id, _ in rows(table)]
    assert landed == [plan.plan_id, f"{plan.plan_id}/2"]


def test_what_has_not_changed_is_not_written_again(settings, ledger, rows):
    plan = an_approved_plan(ledger)
    assert load_back(settings) == 8
    assert load_back(settings) == 0
    with ledger.transaction() as connection:
        connection.execute(
            update(OPERATIONS)
            .where(OPERATIONS.c.operation_id == plan.operations[0].operation_id)
            .values(status="confirmed", changed_at=ledger_now() + timedelta(seconds=1))
        )
    assert load_back(settings) == 1
    statuses = [row["status"] for _, record_id, row in rows("operations")
                if record_id == plan.operations[0].operation_id]  # fmt: skip
    assert statuses == ["approved", "confirmed"]


def test_an_empty_ledger_makes_empty_tables(settings, rows):
    assert load_back(settings) == 0
    assert [rows(table) for table in ("plans", "operations", "approvals", "attempts")] == [[]] * 4


def test_a_busy_warehouse_is_left_to_the_next_run(settings, ledger, monkeypatch):
    an_approved_plan(ledger)
    monkeypatch.setattr("pipelines.push.loaded_back._QUICK", 0.0)
    with Warehouse(settings.home).lock("a build"):
        assert load_back(settings, wait=False) is None
    assert load_back(settings, wait=False) == 8
