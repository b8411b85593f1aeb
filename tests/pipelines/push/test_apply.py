"""What becomes of records whose story is not the plain one, against a sandbox Xero."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from applied_plans import Applier, an_applier
from mixed_plan import TEMPLATE, PlanMaker
from push_plans import a_plan
from sqlalchemy import update

from pipelines.push.errors import PlanRefused, UnknownPlan
from pipelines.push.tables import APPROVALS, OPERATIONS
from pipelines.sandbox.world import load_world
from pipelines.sandbox.write_rules import WriteRules


@pytest.fixture
def applier(project_root: Path, tmp_path: Path) -> Iterator[Applier]:
    folder = project_root / "data" / "sandbox"
    with an_applier(
        lambda clock: load_world(folder, only=["harbour"], documents=0, clock=clock), tmp_path
    ) as made:
        yield made


@pytest.fixture
def make(applier: Applier) -> PlanMaker:
    return PlanMaker(applier.organisation)


def contacts_called(applier: Applier, name: str) -> list[Any]:
    held = applier.organisation.records["Contacts"].values()
    return [one for one in held if one["Name"] == name]


def test_a_new_customer_gets_the_values_of_the_template(applier: Applier, make: PlanMaker):
    done = applier.apply([make.contact(1)])
    assert done.status("contacts workguru:1") == "confirmed"
    (held,) = contacts_called(applier, "New Customer 1")
    assert held["SalesDefaultAccountCode"] == "200"
    tracking = {one["TrackingOptionName"] for one in held["SalesTrackingCategories"]}
    assert tracking == {"Nelson", "Kitchens"}


def test_a_customer_created_elsewhere_in_the_meantime_gets_no_template_values(
    applier: Applier, make: PlanMaker
):
    elsewhere = make.contact(1, Name="Typed by hand")
    for name in TEMPLATE:
        elsewhere = make.without(elsewhere, name)
    applier.apply([elsewhere])
    before = len(applier.calls("PUT"))
    done = applier.apply([make.contact(1)])
    assert done.status("contacts workguru:1") == "skipped"
    assert done.rules("contacts workguru:1") == ["TPL_INCOMPLETE"]
    assert len(applier.calls("PUT")) == before
    assert applier.calls("POST") == []
    (held,) = contacts_called(applier, "Typed by hand")
    assert not held.get("SalesTrackingCategories")


def test_the_documents_of_a_customer_created_elsewhere_are_sent_to_that_one(
    applier: Applier, make: PlanMaker
):
    applier.apply([make.without(make.contact(1), "SalesTrackingCategories")])
    done = applier.apply([make.contact(1), make.invoice(1, make.new_contact(1))])
    assert done.status("contacts workguru:1") == "skipped"
    assert done.status("invoices workguru:invoice:1") == "confirmed"


def test_a_customer_that_only_bears_the_same_name_is_not_taken_for_ours(
    applier: Applier, make: PlanMaker
):
    taken = applier.organisation.records["Contacts"][make.contact_id("cable-bay")]["Name"]
    operations = [make.contact(1, Name=taken), make.invoice(1, make.new_contact(1))]
    done = applier.apply(operations)
    assert done.status("contacts workguru:1") == "skipped"
    assert done.status("invoices workguru:invoice:1") == "skipped"
    assert done.rules("invoices workguru:invoice:1") == ["DEPENDENCY"]
    assert applier.calls("PUT") == []


def test_a_number_that_somebody_else_has_used_is_not_sent(applier: Applier, make: PlanMaker):
    applier.apply([make.invoice(1, make.contact_id("cable-bay"))])
    done = applier.apply([make.invoice(1, make.contact_id("waimea-homes"))])
    assert done.rules("invoices workguru:invoice:1") == ["DOC_DUPLICATE"]
    assert done.status("invoices workguru:invoice:1") == "skipped"
    assert len(applier.calls("PUT")) == 1


def test_a_bill_of_the_same_supplier_and_number_without_our_key_is_not_doubled(
    applier: Applier, make: PlanMaker
):
    typed = make.changed(make.bill(1), Url="https://elsewhere.example/1")
    applier.apply([typed])
    done = applier.apply([make.bill(1)])
    assert done.rules("bills workguru:po:1") == ["DOC_DUPLICATE"]
    assert len(applier.organisation.records["Invoices"]) == 1


def test_tracking_that_xero_drops_is_sent_once_more_while_it_is_a_draft(
    applier: Applier, make: PlanMaker
):
    applier.xero.app.writes.rules = WriteRules(drops_tracking=True)

    def stops_dropping(request: httpx.Request, answer: Any) -> httpx.Response:
        response = answer()
        if request.method == "PUT":
            applier.xero.app.writes.rules = WriteRules()
        return response

    applier.xero.mishap = stops_dropping
    operations = [make.invoice(1, make.contact_id("cable-bay")), make.journal(1)]
    done = applier.apply(operations[:1])
    assert done.status("invoices workguru:invoice:1") == "confirmed"
    applier.xero.app.writes.rules = WriteRules(drops_tracking=True)
    done = applier.apply(operations[1:])
    assert done.status("manual_journals 2026-01") == "confirmed"
    assert len(applier.calls("POST", "/Invoices")) == 1
    (held,) = applier.organisation.records["Invoices"].values()
    assert len(held["LineItems"]) == 1


def test_tracking_that_xero_drops_again_is_an_outcome_of_its_own(applier: Applier, make: PlanMaker):
    applier.xero.app.writes.rules = WriteRules(drops_tracking=True)
    done = applier.apply([make.invoice(1, make.contact_id("cable-bay"))])
    label = "invoices workguru:invoice:1"
    assert done.status(label) == "dropped_fields"
    assert done.rules(label) == ["TRK_DROPPED"]
    assert len(applier.calls("POST", "/Invoices")) == 1
    assert "Tracking" in done.attempts[-1]["read_back_differences"]


def test_a_journal_of_which_xero_removed_lines_is_no_success(applier: Applier, make: PlanMaker):
    line = {"LineAmount": Decimal("1.00"), "AccountCode": "999", "TaxType": "NONE"}
    pair = [line, {**line, "LineAmount": Decimal("-1.00")}]
    journal = make.journal(1)
    done = applier.apply([make.with_lines(journal, "JournalLines", pair)])
    assert done.status("manual_journals 2026-01") == "dropped_fields"
    assert "JNL_WARNING" in done.rules("manual_journals 2026-01")
    assert applier.calls("POST") == []


def test_a_record_changed_in_xero_since_the_plan_is_planned_again_not_overwritten(
    applier: Applier, make: PlanMaker
):
    operation = make.contact_update("waimea-homes", "new@waimea.example")
    identity = make.contact_id("waimea-homes")
    applier.organisation.change("Contacts", identity, EmailAddress="typed@waimea.example")
    done = applier.apply([operation])
    assert done.rules("contacts workguru:waimea-homes") == ["CHANGED_SINCE_PLAN"]
    assert applier.calls("POST") == []
    assert contacts_called(applier, "Waimea Homes Ltd")[0]["EmailAddress"] == "typed@waimea.example"


def test_a_record_changed_in_other_fields_is_updated(applier: Applier, make: PlanMaker):
    operation = make.contact_update("waimea-homes", "new@waimea.example")
    identity = make.contact_id("waimea-homes")
    applier.organisation.change("Contacts", identity, FirstName="Sally")
    assert applier.apply([operation]).status("contacts workguru:waimea-homes") == "confirmed"


def test_a_document_that_was_approved_in_xero_is_left_alone(applier: Applier, make: PlanMaker):
    applier.apply([make.invoice(1, make.contact_id("cable-bay"))])
    (identity,) = applier.organisation.records["Invoices"]
    applier.organisation.change("Invoices", identity, Status="AUTHORISED")
    operation = make.update_of("invoices", identity, {"Reference": "PO 7"}, {"Reference": ""})
    done = applier.apply([operation])
    assert done.rules(operation["label"]) == ["DOC_LOCKED"]
    assert done.status(operation["label"]) == "skipped"


def test_a_draft_is_deleted_and_a_second_time_there_is_nothing_to_do(
    applier: Applier, make: PlanMaker
):
    applier.apply([make.invoice(1, make.contact_id("cable-bay"))])
    (identity,) = applier.organisation.records["Invoices"]
    operation = make.update_of("invoices", identity, {}, {}, operation="delete")
    assert applier.apply([operation]).status(operation["label"]) == "confirmed"
    assert applier.organisation.records["Invoices"][identity]["Status"] == "DELETED"
    assert applier.apply([operation]).status(operation["label"]) == "skipped"


def test_an_item_of_ours_is_deleted(applier: Applier, make: PlanMaker):
    applier.apply([make.item(1), make.item(2)])
    held = applier.organisation.records["Items"].values()
    ids = [one["ItemID"] for one in held if one["Code"].startswith("NEW-")]
    operations = [make.update_of("items", one, {}, {}, operation="delete") for one in ids]
    done = applier.apply(operations)
    assert {done.status(one["label"]) for one in operations} == {"confirmed"}
    assert not any(one["Code"].startswith("NEW-") for one in held)


def test_what_xero_cannot_do_is_unsupported(applier: Applier, make: PlanMaker):
    identity = make.contact_id("waimea-homes")
    operation = make.update_of("contacts", identity, {}, {}, operation="delete")
    assert applier.apply([operation]).status(operation["label"]) == "unsupported"


def test_the_days_limit_stops_the_organisation_and_the_next_apply_goes_on(
    applier: Applier, make: PlanMaker
):
    def spent(request: httpx.Request, answer: Any) -> httpx.Response:
        if request.method != "PUT" or request.url.path.endswith("Items"):
            return answer()
        return httpx.Response(429, headers={"X-Rate-Limit-Problem": "day", "Retry-After": "40000"})

    applier.xero.mishap = spent
    done = applier.apply([make.item(1), make.contact(1), make.bill(1)])
    assert done.status("items NEW-1") == "confirmed"
    assert done.status("contacts workguru:1") == "sent"
    assert done.status("bills workguru:po:1") == "approved"
    assert len(done.summary.stopped) == 1
    applier.xero.mishap = lambda _, answer: answer()
    applier.clock.sleep(40_001)
    again = applier.apply_again("plan-1")
    assert set(again.summary.statuses) == {"confirmed"}
    assert len(contacts_called(applier, "New Customer 1")) == 1


def test_a_payload_that_is_not_the_approved_one_is_not_sent(applier: Applier, make: PlanMaker):
    a_plan(applier.ledger, [make.item(1), make.item(2)])
    with applier.ledger.transaction() as connection:
        connection.execute(
            update(OPERATIONS)
            .where(OPERATIONS.c.record_key == "NEW-1")
            .values(payload='{"Code":"NEW-1","Name":"Slipped in"}')
        )
        connection.execute(
            update(APPROVALS)
            .where(APPROVALS.c.operation_id == "plan-1-00001")
            .values(payload_hash="another")
        )
    done = applier.apply_again("plan-1")
    assert done.rules("items NEW-1") == done.rules("items NEW-2") == ["NOT_AS_APPROVED"]
    assert applier.xero.sent == []


def test_nothing_is_sent_without_an_approval(applier: Applier, make: PlanMaker):
    done = applier.apply([make.item(1)], approve=False)
    assert done.status("items NEW-1") == "planned"
    assert applier.xero.sent == []


def test_an_expired_plan_is_refused_and_what_is_on_its_way_is_settled(
    applier: Applier, make: PlanMaker
):
    def deaf(request: httpx.Request, answer: Any) -> httpx.Response:
        response = answer()
        if request.method == "PUT":
            raise httpx.ReadTimeout("timed out")
        if applier.calls("PUT"):
            return httpx.Response(503)
        return response

    applier.xero.mishap = deaf
    done = applier.apply([make.item(1), make.contact(1)])
    assert done.status("items NEW-1") == "sent"
    applier.clock.sleep(8 * 86_400)
    applier.xero.mishap = lambda _, answer: answer()
    done = applier.apply_again("plan-1")
    assert done.status("items NEW-1") == "confirmed"
    assert done.status("contacts workguru:1") == "approved"
    with pytest.raises(PlanRefused):
        applier.apply_again("plan-1")
    with pytest.raises(UnknownPlan):
        applier.apply_again("plan-9")


def test_amounts_reach_xero_with_the_digits_that_were_approved(applier: Applier, make: PlanMaker):
    applier.apply([make.item(1)])
    (call,) = applier.calls("PUT")
    assert b'"UnitPrice":10.1250' in call.body


def test_the_call_names_its_attempt_in_the_ledger(applier: Applier, make: PlanMaker):
    done = applier.apply([make.item(1), make.item(2)])
    (call,) = applier.calls("PUT")
    assert {one["idempotency_key"] for one in done.attempts} == {call.headers["idempotency-key"]}
    assert [one["attempt_number"] for one in done.attempts] == [1, 1]
    assert {one["outcome"] for one in done.attempts} == {"confirmed"}


def test_a_record_without_its_key_is_not_sent_and_stops_no_other(applier: Applier, make: PlanMaker):
    keyless = make.changed(make.journal(2), Narration="Cost of goods sold")
    nameless = make.without(make.bill(2), "InvoiceNumber")
    done = applier.apply([make.bill(1), nameless, make.journal(1), keyless, make.journal(3)])
    assert done.rules("manual_journals 2026-02") == ["NOT_FINDABLE"]
    assert done.rules("bills workguru:po:2") == ["NOT_FINDABLE"]
    assert done.summary.statuses == {"confirmed": 3, "skipped": 2}
