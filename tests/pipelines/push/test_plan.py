"""What a plan makes of desired records, of what was sent before, and of the policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from desired_state import HARBOUR, THISTLE, a_contact, a_record, an_invoice, an_item
from plans import NOW, a_plan, policy_with

from pipelines.push.earlier import Earlier
from pipelines.push.policy import OFF, Rule
from pipelines.push.writer import Capability

HELD_ITEM = {"Code": "BNCH", "Name": "Bench"}
A_BLOCK = {"rule": "CON_NONE", "severity": "block", "message": "No contact.", "remedy": "Link it."}


def item(*args, **fields):
    return a_record("xero", "items", an_item(*args, **fields))


def contact(*args, **fields):
    return a_record("xero", "contacts", a_contact(*args, **fields))


def invoice(*args, **fields):
    return a_record("xero", "invoices", an_invoice(*args, **fields))


def before(record, status="confirmed", **fields):
    """What became of a record, as if apply had sent it as it is now."""
    key = (record.tenant_id, record.target, record.entity, record.record_key)
    earlier = Earlier(
        operation_id="20261121-1/1",
        plan_id="20261121-1",
        operation=record.operation_hint,
        status=status,
        payload_hash=record.payload_hash,
        held_version=record.held_version,
        target_id="x-1" if status in ("confirmed", "dropped_fields") else None,
        changed_at=datetime(2026, 11, 21, 15),
        is_undo=False,
        snapshot_id=record.snapshot_id,
    )
    return {key: replace(earlier, **fields)}


def outcomes(plan):
    return [(each.record_key, each.operation, each.status) for each in plan.operations]


def rules(operation):
    return [finding["rule"] for finding in operation.findings]


def counted(plan, state):
    return sum(row[state] for row in plan.control_totals["records"])


def test_a_new_record_is_created_and_a_different_one_updated_field_by_field():
    plan = a_plan([item("NEW"), item("BNCH", HELD_ITEM)])
    assert outcomes(plan) == [("NEW", "create", "planned"), ("BNCH", "update", "planned")]
    assert plan.operations[1].changes == (
        {"field": "Name", "before": "Bench", "after": "Item BNCH"},
    )


def test_what_the_target_holds_already_is_unchanged_and_only_counted():
    held = {"Code": "BNCH", "Name": "Item BNCH"}
    plan = a_plan([item("BNCH", held), item("A", operation_hint="none")])
    assert plan.is_empty
    assert counted(plan, "unchanged") == 2


@pytest.mark.parametrize("severity", ["block", "hold", "skip"])
def test_a_record_with_such_a_finding_is_blocked_with_its_reason(severity):
    plan = a_plan([invoice(findings=[A_BLOCK | {"severity": severity}])])
    (operation,) = plan.operations
    assert (operation.status, operation.findings[0]["message"]) == ("blocked", "No contact.")
    assert plan.is_empty
    assert plan.control_totals["documents"] == []


def test_a_warning_stops_nothing():
    plan = a_plan([invoice(findings=[A_BLOCK | {"severity": "warn"}])])
    assert [each.status for each in plan.planned] == ["planned"]


def test_what_is_switched_off_is_counted_and_not_planned():
    policy = policy_with(xero__items__create=Rule(OFF))
    plan = a_plan([item("NEW"), item("BNCH", HELD_ITEM)], policy=policy)
    assert outcomes(plan) == [("BNCH", "update", "planned")]
    assert counted(plan, "off") == 1


def test_what_the_target_cannot_do_or_hold_is_unsupported_and_says_so():
    def only_create(*_):
        return Capability(frozenset({"create"}), cannot_hold=frozenset({"Analysis2"}))

    records = [item("BNCH", HELD_ITEM), item("A", payload={"Analysis2": "North"}), item("B")]
    plan = a_plan(records, capabilities=only_create)
    assert [each.status for each in plan.operations] == ["unsupported", "unsupported", "planned"]
    said = [each.findings[0]["message"] for each in plan.operations[:2]]
    assert said == ["xero cannot update items.", "xero has no place for Analysis2."]


def test_records_are_in_the_order_of_sending():
    plan = a_plan([contact(), invoice()])
    assert [each.position for each in plan.operations] == [1, 2]


def test_a_document_waits_for_its_new_contact_in_the_same_plan():
    plan = a_plan([contact(), invoice(depends_on=["xero__contacts/workguru:17"])])
    assert [each.status for each in plan.operations] == ["planned", "planned"]
    assert plan.operations[1].depends_on == ("xero__contacts/workguru:17",)


@pytest.mark.parametrize(
    ("why", "contact_row", "policy"),
    [
        ("blocked", {"findings": [A_BLOCK]}, {}),
        ("switched off", {}, {"xero__contacts__create": Rule(OFF)}),
        ("nothing is known", {"record_key": "workguru:99"}, {}),
    ],
)
def test_a_document_whose_contact_will_not_be_there_is_blocked(why, contact_row, policy):
    records = [contact(**contact_row), invoice(depends_on=["xero__contacts/workguru:17"])]
    plan = a_plan(records, policy=policy_with(**policy))
    last = plan.operations[-1]
    assert (last.entity, last.status, rules(last)) == ("invoices", "blocked", ["DEPENDENCY"])
    assert why in last.findings[0]["message"]


def test_a_document_to_a_contact_that_is_there_needs_nothing_more():
    held = contact(held={"Name": "Bay"}, findings=[A_BLOCK])
    plan = a_plan([held, invoice(depends_on=["xero__contacts/workguru:17"])])
    assert (plan.operations[-1].status, plan.operations[-1].depends_on) == ("planned", ())


def test_a_document_to_a_contact_that_was_confirmed_earlier_is_planned():
    new = contact()
    records = [new, invoice(depends_on=["xero__contacts/workguru:17"])]
    plan = a_plan(records, before(new))
    assert outcomes(plan) == [("INV-1042", "create", "planned")]


def test_another_organisations_contact_of_the_same_key_is_no_help():
    other = contact(tenant_id=THISTLE)
    plan = a_plan([other, invoice(depends_on=["xero__contacts/workguru:17"])])
    assert plan.operations[-1].status == "blocked"


def test_what_was_confirmed_is_not_sent_again_while_the_file_is_older():
    created, updated = item("NEW"), item("BNCH", HELD_ITEM)
    plan = a_plan([created, updated], before(created) | before(updated))
    assert plan.is_empty


def test_a_confirmed_record_that_was_changed_in_the_target_is_planned_again():
    record = item("BNCH", HELD_ITEM)
    plan = a_plan([record], before(record, held_version="version-0"))
    assert outcomes(plan) == [("BNCH", "update", "planned")]


def test_a_new_wish_for_a_record_that_was_not_read_back_waits_for_the_read():
    record = item("NEW")
    plan = a_plan([record], before(record, payload_hash="other"))
    (operation,) = plan.operations
    assert (operation.status, rules(operation)) == ("blocked", ["AWAITS_READ"])


def test_what_a_person_took_out_of_use_is_made_anew_where_its_source_has_changed():
    record = replace(item("NEW"), facts={"replaces": "voided"})
    sent = before(record, payload_hash="other", target_id="voided")
    assert outcomes(a_plan([record], sent)) == [("NEW", "create", "planned")]


def test_what_was_refused_is_not_tried_again_until_something_changed():
    record = item("NEW")
    refused = before(record, "rejected", errors=("Code must be unique.",))
    (operation,) = a_plan([record], refused).operations
    assert (operation.status, rules(operation)) == ("blocked", ["REFUSED_BEFORE"])
    assert "Code must be unique." in operation.findings[0]["message"]


@pytest.mark.parametrize("changed", ["payload_hash", "held_version", "snapshot_id"])
def test_what_was_refused_is_tried_again_once_something_changed(changed):
    record = item("BNCH", HELD_ITEM)
    refused = before(record, "rejected", errors=("No.",), **{changed: "before"})
    (operation,) = a_plan([record], refused).operations
    assert (operation.status, rules(operation)) == ("planned", ["LAST_ATTEMPT"])


@pytest.mark.parametrize("status", ["unknown", "skipped"])
def test_what_failed_returns_with_its_error(status):
    record = item("NEW")
    (operation,) = a_plan([record], before(record, status, errors=("No answer.",))).operations
    assert (operation.status, rules(operation)) == ("planned", ["LAST_ATTEMPT"])
    assert operation.findings[0]["message"].endswith(f"{status}: No answer.")


def test_a_record_that_lost_fields_is_never_created_twice():
    record = item("NEW")
    lost = before(record, "dropped_fields", errors=("Tracking was not kept",))
    (operation,) = a_plan([record], lost).operations
    assert (operation.status, rules(operation)) == ("blocked", ["AWAITS_READ"])
    assert "Tracking was not kept" in operation.findings[0]["message"]


def test_what_was_interrupted_is_finished_first():
    record = item("NEW")
    (operation,) = a_plan([record], before(record, "sent")).operations
    assert operation.status == "blocked"
    assert operation.findings[0]["remedy"] == "Run `xero-crm apply 20261121-1` first."


def test_what_was_undone_comes_back_with_a_warning():
    record = item("NEW")
    undone = before(record, operation="delete", is_undo=True)
    (operation,) = a_plan([record], undone).operations
    assert (operation.status, rules(operation)) == ("planned", ["UNDONE"])


def test_too_many_records_stop_their_organisation_and_target():
    policy = policy_with(xero__items__create=Rule("manual", max_records=1))
    plan = a_plan([item("A"), item("B"), item("A", tenant_id=THISTLE)], policy=policy)
    (stop,) = plan.stops
    assert (stop["tenant_id"], stop["records"]) == (HARBOUR, 2)
    assert stop["message"] == "It would create 2 xero items; max_records is 1."


@pytest.mark.parametrize(("share", "is_stopped"), [("0.8", False), ("0.79", True)])
def test_a_share_is_of_all_records_of_the_entity(share, is_stopped):
    """Four of five contacts would change: 80 %."""
    changed = [contact(f"c:{n}", {"Name": "Old"}) for n in range(4)]
    same = contact("c:9", operation_hint="none")
    policy = policy_with(xero__contacts__update=Rule("manual", max_share=Decimal(share)))
    plan = a_plan([*changed, same], policy=policy)
    assert bool(plan.stops) == is_stopped
    if is_stopped:
        said = "It would update 4 xero contacts, 80 % of 5; max_share is 0.79."
        assert plan.stops[0]["message"] == said


def test_a_plan_expires_after_the_time_that_is_set():
    assert a_plan([item()]).expires_at == datetime(2026, 11, 29, 8, 0)
    assert a_plan([item()]).created_at == NOW
