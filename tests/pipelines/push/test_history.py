"""The auditor's report: a row per attempt, with who approved it and what came of it."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from desired_state import a_record, an_invoice, an_item
from plans import NOW, a_plan
from sqlalchemy import insert, update

from pipelines.push.approve import approve
from pipelines.push.history import COLUMNS, as_csv, pushes
from pipelines.push.planned import store_plan
from pipelines.push.tables import ATTEMPTS, OPERATIONS

DAY = date(2026, 11, 22)


@pytest.fixture
def pushed(ledger):
    """An invoice that was refused once and then confirmed, an item skipped, another not sent."""
    records = [
        a_record("xero", "items", an_item("A", label="=HYPERLINK(1)")),
        a_record("xero", "items", an_item("B")),
        a_record("xero", "invoices", an_invoice()),
    ]
    plan = store_plan(ledger, a_plan(records))
    approve(ledger, plan.plan_id, "bea", NOW, excepted=["B"])
    with ledger.transaction() as connection:
        for number, (errors, outcome) in enumerate((('["Busy."]', None), ("[]", "confirmed")), 1):
            attempt = {
                "attempt_id": f"a-{number}",
                "operation_id": plan.operations[2].operation_id,
                "attempt_number": number,
                "intended_at": NOW + timedelta(minutes=number),
                "applied_by": "bea",
                "method": "PUT",
                "path": "/Invoices",
                "request_hash": "r",
                "errors": errors,
                "outcome": outcome,
                "target_number": "INV-1042",
            }
            connection.execute(insert(ATTEMPTS), attempt)
        for position, status in ((0, "skipped"), (2, "confirmed")):
            connection.execute(
                update(OPERATIONS)
                .where(OPERATIONS.c.operation_id == plan.operations[position].operation_id)
                .values(status=status, changed_at=NOW + timedelta(minutes=5), target_id="x")
            )


def test_every_attempt_is_listed_with_its_approval_and_outcome(ledger, pushed):
    with ledger.reading() as connection:
        rows = pushes(connection, DAY, DAY)
    assert [(row["record_key"], row["attempt_number"], row["outcome"]) for row in rows] == [
        ("INV-1042", 1, None),
        ("INV-1042", 2, "confirmed"),
        ("A", None, None),
    ]
    first, second, third = rows
    assert (first["messages"], second["messages"]) == ("Busy.", "")
    assert (second["approved_by"], second["method"], second["total"]) == (
        "bea",
        "person",
        "1414.50",
    )
    assert (second["target_number"], second["status"]) == ("INV-1042", "confirmed")
    assert (third["status"], third["approved_by"]) == ("skipped", "bea")


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [(DAY, DAY, 3), (date(2026, 11, 1), date(2026, 11, 21), 0), (date(2026, 11, 23), DAY, 0)],
)
def test_the_days_are_whole_and_both_are_in(ledger, pushed, first, last, count):
    with ledger.reading() as connection:
        assert len(pushes(connection, first, last)) == count


def test_the_csv_has_every_column_and_runs_nothing_in_a_spreadsheet(ledger, pushed):
    with ledger.reading() as connection:
        text = as_csv(pushes(connection, DAY, DAY))
    rows = list(csv.DictReader(StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert rows[2]["label"] == "'=HYPERLINK(1)"
    assert datetime.fromisoformat(rows[0]["at"]) == NOW + timedelta(minutes=1)
