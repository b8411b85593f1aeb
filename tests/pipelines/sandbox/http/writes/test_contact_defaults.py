"""What a contact's documents start with: default accounts, taxes and tracking, as they are sent."""

from __future__ import annotations

import pytest
from xero_writes import XeroWriter

ACTIVE = "c0000000-0000-4000-8000-000000000001"
NORTH = {"TrackingCategoryName": "Region", "TrackingOptionName": "North"}


@pytest.fixture
def put(writer: XeroWriter):
    return lambda **fields: writer.send("Contacts", [fields], method="PUT")[0]


def test_default_codes_and_taxes_have_to_exist(put):
    outcome = put(
        Name="A",
        SalesDefaultAccountCode="999",
        PurchasesDefaultAccountCode="400",
        AccountsReceivableTaxType="GST",
        DefaultCurrency="USD",
    )
    assert outcome.errors == [
        "Account code '999' is not a valid code for this document.",
        "Account code '400' has been archived, or has been deleted. Each line item must reference "
        "a valid account.",
        "The TaxType code GST does not exist or cannot be used for this type of transaction.",
        "Organisation is not subscribed to currency USD",
    ]


@pytest.mark.parametrize("element", [{"Name": "Region", "Option": "North"}, {}])
def test_default_tracking_with_other_keys_is_refused_in_xeros_words(writer, element):
    body = {"Contacts": [{"Name": "A", "SalesTrackingCategories": [element]}]}
    answer = writer.call("PUT", "Contacts", body, is_checked=False)
    assert answer.status_code == 400
    assert [one["Message"] for one in answer.json()["Elements"][0]["ValidationErrors"]] == [
        "SalesCategory is missing a TrackingCategoryName",
        "There is no ACTIVE tracking category with the name ''",
    ]


def test_default_tracking_of_an_archived_category_is_refused(put):
    tracking = [{"TrackingCategoryName": "Salesperson", "TrackingOptionName": "Ann"}]
    assert put(Name="A", SalesTrackingCategories=tracking).errors == [
        "There is no ACTIVE tracking category with the name 'Salesperson'"
    ]


@pytest.mark.parametrize("option", ["South", "Nowhere"])
def test_an_archived_or_unknown_default_option_is_dropped_without_a_word(put, option):
    saved = put(Name="A", SalesTrackingCategories=[{**NORTH, "TrackingOptionName": option}])
    assert (saved.status, saved.record["SalesTrackingCategories"]) == ("OK", [])


def test_a_space_behind_a_default_option_is_a_500_that_changes_nothing(writer, organisation):
    tracking = [{**NORTH, "TrackingOptionName": "North "}]
    body = {"Contacts": [{"Name": "A"}, {"Name": "B", "SalesTrackingCategories": tracking}]}
    answer = writer.call("PUT", "Contacts", body, summarizeErrors="false", is_checked=False)
    assert (answer.status_code, len(organisation.records["Contacts"])) == (500, 3)


def test_default_tracking_can_be_dropped_on_demand(put, client):
    client.server.control.on("Contacts", method="PUT").drops_tracking()
    assert put(Name="A", SalesTrackingCategories=[NORTH]).record["SalesTrackingCategories"] == []
    assert put(Name="B", SalesTrackingCategories=[NORTH]).record["SalesTrackingCategories"] == [
        NORTH
    ]


def test_an_empty_default_inside_a_documents_contact_is_a_500(writer, sale):
    contact = {"ContactID": ACTIVE, "SalesTrackingCategories": [{}]}
    answer = writer.call(
        "POST", "Invoices", {"Invoices": [sale(Contact=contact)]}, is_checked=False
    )
    assert answer.status_code == 500
