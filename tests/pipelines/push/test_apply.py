"""What becomes of records whose story is not the plain one, against a sandbox Xero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
from applied_plans import Applier
from mixed_plan import TEMPLATE, PlanMaker

from pipelines.sandbox.write_rules import WriteRules


def test_a_new_customer_gets_the_values_of_the_template(applier: Applier, make: PlanMaker):
    done = applier.apply([make.contact(1)])
    assert done.status("contacts workguru:1") == "confirmed"
    (held,) = applier.contacts_called("New Customer 1")
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
    (held,) = applier.contacts_called("Typed by hand")
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


def test_default_tracking_that_xero_drops_of_a_new_customer_is_listed_and_never_sent_again(
    applier: Applier, make: PlanMaker
):
    applier.xero.app.writes.rules = WriteRules(drops_tracking=True)
    done = applier.apply([make.contact(1)])
    assert done.status("contacts workguru:1") == "dropped_fields"
    assert done.rules("contacts workguru:1") == ["TRK_DROPPED"]
    assert len(applier.calls("PUT")) == 1
    assert applier.calls("POST") == []


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
    assert applier.contacts_called("Waimea Homes Ltd")[0]["EmailAddress"] == "typed@waimea.example"


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


def test_a_journal_that_is_left_empty_is_deleted_as_a_draft_and_voided_once_posted(
    applier: Applier, make: PlanMaker
):
    applier.apply([make.journal(10), make.journal(11)])
    draft, posted = applier.organisation.records["ManualJournals"]
    applier.organisation.change("ManualJournals", posted, Status="POSTED")
    wanted = {draft: ("DRAFT", "DELETED"), posted: ("POSTED", "VOIDED")}
    operations = [
        make.update_of("manual_journals", one, {"Status": after}, {"Status": now}, "delete")
        for one, (now, after) in wanted.items()
    ]
    done = applier.apply(operations)
    assert {done.status(one["label"]) for one in operations} == {"confirmed"}
    held = applier.organisation.records["ManualJournals"]
    assert {one: held[one]["Status"] for one in wanted} == {draft: "DELETED", posted: "VOIDED"}


def test_a_draft_that_a_person_has_posted_since_the_plan_is_not_deleted(
    applier: Applier, make: PlanMaker
):
    applier.apply([make.journal(1)])
    (identity,) = applier.organisation.records["ManualJournals"]
    operation = make.update_of(
        "manual_journals", identity, {"Status": "DELETED"}, {"Status": "DRAFT"}, "delete"
    )
    applier.organisation.change("ManualJournals", identity, Status="POSTED")
    done = applier.apply([{**operation, "held_version": "as it was"}])
    assert done.rules(operation["label"]) == ["CHANGED_SINCE_PLAN"]
    assert applier.organisation.records["ManualJournals"][identity]["Status"] == "POSTED"


def test_a_phone_and_an_address_are_written_and_the_others_of_the_contact_stay(
    applier: Applier, make: PlanMaker
):
    identity = make.contact_id("waimea-homes")
    street = applier.contacts_called("Waimea Homes Ltd")[0]["Addresses"][0]
    fields = {
        "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "03 555 7599", "PhoneAreaCode": ""}],
        "Addresses": [{"AddressType": "POBOX", "AddressLine1": "PO Box 7", "City": "Richmond"}],
    }
    operation = make.update_of("contacts", identity, fields, {})
    assert applier.apply([operation]).status(operation["label"]) == "confirmed"
    held = applier.contacts_called("Waimea Homes Ltd")[0]
    assert {one["PhoneType"]: one["PhoneNumber"] for one in held["Phones"]}["DEFAULT"] == (
        "03 555 7599"
    )
    assert held["Addresses"][0] == street
    assert held["Addresses"][1]["AddressLine1"] == "PO Box 7"


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


def test_a_record_without_its_key_is_not_sent_and_stops_no_other(applier: Applier, make: PlanMaker):
    keyless = make.changed(make.journal(2), Narration="Cost of goods sold")
    nameless = make.without(make.bill(2), "InvoiceNumber")
    done = applier.apply([make.bill(1), nameless, make.journal(1), keyless, make.journal(3)])
    assert done.rules("manual_journals 2026-02") == ["NOT_FINDABLE"]
    assert done.rules("bills workguru:po:2") == ["NOT_FINDABLE"]
    assert done.summary.statuses == {"confirmed": 3, "skipped": 2}
