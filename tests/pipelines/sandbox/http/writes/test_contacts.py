"""Contacts that are written to the sandbox Xero."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from xero_writes import XeroWriter, decoded

from pipelines.sandbox.write_rules import WriteRules

ACTIVE = "c0000000-0000-4000-8000-000000000001"  # Customer 1, number C-1
OTHER = "c0000000-0000-4000-8000-000000000002"
ARCHIVED = "c0000000-0000-4000-8000-000000000003"
TAKEN = (
    "The contact name {} is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)
NUMBER_TAKEN = "Another contact has this contact number. Please enter a different contact number."
NORTH = {"TrackingCategoryName": "Region", "TrackingOptionName": "North"}


@pytest.fixture
def put(writer: XeroWriter):
    return lambda **fields: writer.send("Contacts", [fields], method="PUT")[0]


@pytest.fixture
def post(writer: XeroWriter):
    return lambda **fields: writer.send("Contacts", [fields])[0]


@pytest.fixture
def held(writer: XeroWriter):
    """Read one contact, as a single GET shows it."""
    return lambda identity: writer.get(f"Contacts/{identity}")[0]


def test_a_put_creates_a_contact_with_all_that_a_template_gives(put, held, clock):
    clock.forward(hours=1)
    saved = put(
        Name="Harbour Cafe",
        ContactNumber="workguru:5001",
        AccountNumber="HC1",
        EmailAddress="till@harbour-cafe.example",
        Phones=[{"PhoneType": "MOBILE", "PhoneNumber": "555-1212", "PhoneAreaCode": "415"}],
        Addresses=[{"AddressType": "POBOX", "AddressLine1": "PO Box 7", "City": "Nelson"}],
        SalesDefaultAccountCode="200",
        PurchasesDefaultAccountCode="500",
        SalesTrackingCategories=[NORTH],
        PurchasesTrackingCategories=[NORTH],
        PaymentTerms={"Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}},
        BrandingTheme={"BrandingThemeID": "b0000000-0000-4000-8000-000000000001"},
    )
    record = held(saved.record["ContactID"])
    assert (saved.status, record["Name"], record["ContactStatus"]) == (
        *("OK", "Harbour Cafe", "ACTIVE"),
    )
    assert (record["ContactNumber"], record["AccountNumber"]) == ("workguru:5001", "HC1")
    assert record["SalesTrackingCategories"] == record["PurchasesTrackingCategories"] == [NORTH]
    assert record["SalesDefaultAccountCode"] == "200"
    assert record["PaymentTerms"] == {"Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}}
    assert record["BrandingTheme"]["BrandingThemeID"] == "b0000000-0000-4000-8000-000000000001"
    assert [one["PhoneType"] for one in record["Phones"]] == ["DEFAULT", "DDI", "FAX", "MOBILE"]
    assert record["Phones"][3]["PhoneNumber"] == "555-1212"
    assert record["Addresses"][1]["AddressLine1"] == "PO Box 7"
    assert record["UpdatedDateUTC"] == "/Date(1793613600000+0000)/"  # 2026-11-02 10:00 UTC


def test_a_contact_written_is_found_by_number_by_name_by_id_and_since(post, writer, clock):
    clock.forward(hours=1)
    identity = post(Name='Ann "Boat" O\'Neill', ContactNumber="crm:7").record["ContactID"]
    for query in (
        {"where": 'ContactNumber=="crm:7"'},
        {"where": 'Name=="Ann \\"Boat\\" O\'Neill"'},
        {"IDs": identity},
        {"searchTerm": "crm:7"},
    ):
        assert [one["ContactID"] for one in writer.get("Contacts", **query)] == [identity], query
    since = datetime(2026, 11, 2, 10, 0, tzinfo=UTC).isoformat()
    answer = writer.call("GET", "Contacts", page=1, headers={"If-Modified-Since": since})
    assert [one["ContactID"] for one in decoded(answer)["Contacts"]] == [identity]


def test_an_update_keeps_what_it_does_not_mention(post, held):
    before = held(ACTIVE)
    post(ContactID=ACTIVE, EmailAddress="new@example.com")
    after = held(ACTIVE)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"EmailAddress", "UpdatedDateUTC"}


def test_a_name_sent_with_an_id_renames(post, held, sale, send):
    post(ContactID=ACTIVE, Name="Customer One")
    assert held(ACTIVE)["Name"] == "Customer One"
    assert send(sale()).record["Contact"]["Name"] == "Customer One"


def test_an_empty_text_takes_a_field_away(post, held):
    post(ContactID=ACTIVE, EmailAddress="", SalesDefaultAccountCode="")
    assert {"EmailAddress", "SalesDefaultAccountCode"} & held(ACTIVE).keys() == set()


def test_the_id_may_stand_in_the_path(writer, held):
    answer = writer.call("POST", f"Contacts/{ACTIVE}", {"Contacts": [{"FirstName": "Ann"}]})
    assert (answer.status_code, held(ACTIVE)["FirstName"]) == (200, "Ann")
    unknown = "dddddddd-0000-4000-8000-000000000000"
    answer = writer.call("POST", f"Contacts/{unknown}", {"Contacts": [{"FirstName": "Ann"}]})
    assert (answer.status_code, answer.headers["content-type"][:10]) == (404, "text/plain")


def test_a_put_never_changes_an_existing_contact(put, held):
    before = held(ACTIVE)
    assert put(Name="customer 1").errors == [TAKEN.format("customer 1")]
    assert put(Name="Another", ContactNumber="C-1").errors == [NUMBER_TAKEN]
    assert put(ContactID=ACTIVE, EmailAddress="x@example.com").errors != []
    assert held(ACTIVE) == before


def test_a_post_finds_a_contact_by_number_and_then_by_name(post, writer, held):
    post(ContactNumber="C-1", Name="Customer 1", FirstName="by number")
    assert held(ACTIVE)["FirstName"] == "by number"
    post(Name="CUSTOMER 2", FirstName="by name")  # the danger of a POST: nobody asked for this one
    assert held(OTHER)["FirstName"] == "by name"
    assert len(writer.get("Contacts", includeArchived="true")) == 3


def test_a_post_with_another_number_does_not_take_over_the_bearer_of_the_name(post, held):
    before = held(ACTIVE)
    outcome = post(Name="Customer 1", ContactNumber="crm:9")
    assert outcome.errors == [TAKEN.format("Customer 1")]
    assert held(ACTIVE) == before


def test_a_post_takes_over_the_bearer_of_the_name_that_has_no_number(post, organisation, held):
    organisation.change("Contacts", ACTIVE, ContactNumber=None)
    outcome = post(Name="Customer 1", ContactNumber="crm:9")
    assert (outcome.status, held(ACTIVE)["ContactNumber"]) == ("OK", "crm:9")


def test_names_count_among_active_contacts_only_but_numbers_among_all(put):
    assert put(Name="Customer 3").status == "OK"
    assert put(Name="Customer Three", ContactNumber="C-3").errors == [NUMBER_TAKEN]


def test_an_archived_contact_may_come_back_unless_its_name_is_taken(put, post):
    put(Name="Customer 3")
    outcome = post(ContactID=ARCHIVED, ContactStatus="ACTIVE")
    assert outcome.errors == [TAKEN.format("Customer 3")]
    assert post(ContactID=ARCHIVED, ContactStatus="ACTIVE", Name="Customer 33").status == "OK"


def test_a_merged_contact_never_comes_back(organisation, post):
    organisation.change("Contacts", ARCHIVED, MergedToContactID=ACTIVE)
    assert post(ContactID=ARCHIVED, ContactStatus="ACTIVE").status == "ERROR"


def test_archived_contacts_are_refused_on_documents(post, send, sale):
    post(ContactID=OTHER, ContactStatus="ARCHIVED")
    (error,) = send(sale(Contact={"ContactID": OTHER})).errors
    assert "has been archived" in error


@pytest.mark.parametrize(
    "name", ["<b>Ann", " Ann", "Ann ", "Ann  Boat", "x" * 256, ""], ids=lambda name: name[:8]
)
def test_names_that_xero_does_not_take_are_refused(writer, name):
    answer = writer.call(
        "PUT", "Contacts", {"Contacts": [{"Name": name}]}, is_checked=len(name) < 256
    )
    assert answer.status_code == 400
    (element,) = answer.json()["Elements"]
    assert (len(element["ValidationErrors"]), element["HasValidationErrors"]) == (1, True)


def test_an_account_number_belongs_to_one_active_contact(put, writer, client):
    assert put(Name="A", AccountNumber="A1").status == "OK"
    assert put(Name="B", AccountNumber="a1").errors == [
        "The Account Number already exists. Please enter a different Account Number."
    ]
    client.server.app.writes.rules = WriteRules(account_numbers_are_unique=False)
    assert put(Name="B", AccountNumber="a1").status == "OK"


def test_an_email_address_is_checked(put):
    assert put(Name="A", EmailAddress="ann at example").errors == ["Email address must be valid."]


def test_good_contacts_are_saved_beside_bad_ones(writer, organisation):
    sent: list[dict[str, Any]] = [{"Name": "A"}, {"Name": "Customer 1"}, {"Name": "a"}]
    outcomes = writer.send("Contacts", sent, method="PUT")
    assert [one.status for one in outcomes] == ["OK", "ERROR", "ERROR"]
    assert outcomes[2].errors == [TAKEN.format("a")]
    answer = writer.call("PUT", "Contacts", {"Contacts": [{"Name": "D"}, {"Name": "A"}]})
    assert answer.status_code == 400
    assert len(organisation.records["Contacts"]) == 4


def test_an_idempotency_key_creates_a_contact_once(writer, organisation):
    body = {"Contacts": [{"Name": "A"}]}
    first, second = (writer.call("PUT", "Contacts", body, key="k") for _ in range(2))
    assert (first.content, len(organisation.records["Contacts"])) == (second.content, 4)
    other = writer.call("PUT", "Contacts", {"Contacts": [{"Name": "B"}]}, key="k")
    assert other.json()["Message"] == "Idempotency Key: k is used with a different request."


def test_writing_contacts_needs_their_own_scope(writer, client):
    with XeroWriter(client.server, writer.tenant_id, scopes=["accounting.settings"]) as narrow:
        answer = narrow.call("PUT", "Contacts", {"Contacts": [{"Name": "A"}]})
    assert answer.status_code == 401
