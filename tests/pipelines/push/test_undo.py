"""Undoing: the before-image, the deletion of a draft, and what neither can do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desired_state import a_contact, a_record, an_invoice, an_item
from plans import ALL_ON, NOW, a_plan
from sqlalchemy import update

from pipelines.push.approve import approve, approve_by_policy
from pipelines.push.errors import PlanRefused, UnknownOperation
from pipelines.push.plan import Circumstances
from pipelines.push.planned import store_plan
from pipelines.push.policy import AUTO, PushPolicy, Rule
from pipelines.push.tables import OPERATIONS
from pipelines.push.undo import plan_undo
from pipelines.push.writer import Capability
from pipelines.xero.written import WRITTEN

LATER = NOW + timedelta(hours=1)


def as_xero(tenant_id: str, target: str, entity: str) -> Capability | None:
    return WRITTEN[entity].capability


def circumstances(now=LATER):
    return Circumstances(now, "anna", timedelta(days=7), ALL_ON, as_xero)


@pytest.fixture
def written(ledger):
    """Plan a record, and let it be written; give its operation's id."""

    def write(entity, row, status="confirmed", now=NOW):
        plan = store_plan(ledger, a_plan([a_record("xero", entity, row)], now=now))
        (operation,) = plan.operations
        with ledger.transaction() as connection:
            connection.execute(
                update(OPERATIONS)
                .where(OPERATIONS.c.operation_id == operation.operation_id)
                .values(status=status, target_id="x-1", changed_at=now)
            )
        return operation.operation_id

    return write


def undone(ledger, *operation_ids):
    (operation,) = plan_undo(ledger, operation_ids, circumstances()).operations
    return operation


def test_an_update_is_undone_by_what_was_there_before(ledger, written):
    held = {
        "Code": "BNCH",
        "Name": "Bench",
        "SalesDetails": {"UnitPrice": 10, "AccountCode": "200"},
    }
    row = an_item("BNCH", held, payload={"SalesDetails": {"UnitPrice": 12, "AccountCode": "200"}})
    operation = undone(ledger, written("items", row))
    assert (operation.operation, operation.status, operation.target_id) == (
        "update",
        "planned",
        "x-1",
    )
    assert operation.payload == held
    assert operation.before == {
        "Code": "BNCH", "Name": "Item BNCH", "SalesDetails": {"UnitPrice": 12, "AccountCode": "200"}
    }  # fmt: skip
    assert [each["field"] for each in operation.changes] == ["Name", "SalesDetails.UnitPrice"]
    assert operation.is_as_hashed


def test_a_field_that_was_blank_stays_as_it_is(ledger, written):
    row = an_item("BNCH", {"Code": "BNCH", "Name": "Bench"}, payload={"Description": "New"})
    operation = undone(ledger, written("items", row))
    assert operation.payload == {"Code": "BNCH", "Name": "Bench"}
    assert operation.findings[0]["message"] == "These stay as they are: Description."


def test_a_contacts_tracking_and_defaults_are_never_restored(ledger, written):
    """Even if an update had held them, which dbt never states."""
    defaults = {"SalesDefaultAccountCode": "200", "SalesTrackingCategories": [{"A": "B"}]}
    held = {"ContactNumber": "c:1", "Name": "Bay", "EmailAddress": "old@example.com", **defaults}
    new = {"EmailAddress": "new@example.com", "SalesDefaultAccountCode": "260"}
    row = a_contact("c:1", held, payload={**new, "SalesTrackingCategories": [{"A": "C"}]})
    operation = undone(ledger, written("contacts", row))
    assert operation.payload == {
        "ContactNumber": "c:1", "Name": "Bay", "EmailAddress": "old@example.com"
    }  # fmt: skip
    assert "SalesTrackingCategories" in operation.findings[0]["message"]


def test_a_draft_that_was_created_is_deleted(ledger, written):
    operation = undone(ledger, written("invoices", an_invoice()))
    assert (operation.operation, operation.status) == ("delete", "planned")
    assert operation.label == "Delete: Invoice INV-1042 to Bay Kitchens"


def test_where_xero_allows_neither_it_says_so(ledger, written):
    operation = undone(ledger, written("contacts", a_contact()))
    assert operation.status == "unsupported"
    (finding,) = operation.findings
    assert finding["message"] == "xero cannot delete contacts."
    assert "Archive it there by hand" in finding["remedy"]


def test_what_was_never_written_cannot_be_undone(ledger, written):
    with pytest.raises(PlanRefused, match="was not written"):
        undone(ledger, written("items", an_item(), status="rejected"))
    with pytest.raises(UnknownOperation):
        undone(ledger, "20261122-9/9")


def test_the_latest_write_of_a_record_is_undone_first(ledger, written):
    first = written("items", an_item("BNCH"))
    second = written("items", an_item("BNCH", {"Name": "Old"}), now=LATER)
    with pytest.raises(PlanRefused, match=f"{second}: undo that first"):
        undone(ledger, first)


def test_an_undoing_is_approved_by_a_person_and_by_no_policy(ledger, written):
    operation_id = written("items", an_item("BNCH", {"Code": "BNCH", "Name": "Bench"}))
    plan = plan_undo(ledger, [operation_id], circumstances())
    assert plan.undo_of == (operation_id,)
    auto = PushPolicy("v", {("*", "xero", "items", "update"): Rule(AUTO)})
    assert approve_by_policy(ledger, plan.plan_id, auto, LATER).operations == ()
    assert len(approve(ledger, plan.plan_id, "bea", LATER).operations) == 1
