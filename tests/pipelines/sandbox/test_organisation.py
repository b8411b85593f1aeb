"""Changing the world: stamps, present names, totals that follow, records nobody would enter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pipelines.sandbox.organisation import Organisation

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def an_invoice(harbour: Organisation, *lines: dict[str, Any]) -> dict[str, Any]:
    return {
        "InvoiceID": "0b7a5c0e-0000-4000-8000-000000000001",
        "Type": "ACCREC",
        "InvoiceNumber": "INV-9001",
        "Contact": {"ContactID": harbour.id_of("Contacts", "fraser-t")},
        "Date": date(2026, 11, 2),
        "DueDate": date(2026, 11, 16),
        "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive",
        "LineItems": list(lines),
    }


def a_line(account: str = "201", amount: str = "100.00") -> dict[str, Any]:
    return {
        "Description": "Shelf",
        "Quantity": Decimal(1),
        "UnitAmount": Decimal(amount),
        "TaxType": "OUTPUT2",
        "AccountCode": account,
    }


def test_a_change_moves_the_stamp_and_the_version(changeable_harbour: Organisation) -> None:
    harbour = changeable_harbour
    contact = harbour.id_of("Contacts", "fraser-t")
    changed = harbour.change("Contacts", contact, Name="Fraser, Thomas")
    assert changed["UpdatedDateUTC"] == NOW
    assert harbour.in_order("Contacts")[-1] == (NOW, contact)
    assert harbour.version == 1
    later = harbour.change("Contacts", contact, Name="Fraser, T.")
    assert later["UpdatedDateUTC"] > NOW


def test_a_change_without_stamp_is_hidden_from_the_order(changeable_harbour: Organisation) -> None:
    harbour = changeable_harbour
    account = harbour.id_of("Accounts", "200")
    before = harbour.in_order("Accounts")
    assert harbour.change("Accounts", account, stamp=False, Name="Kitchens")["Name"] == "Kitchens"
    assert harbour.in_order("Accounts") == before


def test_an_added_invoice_is_priced_posted_and_owed(changeable_harbour: Organisation) -> None:
    harbour = changeable_harbour
    owed = harbour.records["Contacts"][harbour.id_of("Contacts", "fraser-t")]["Balances"]
    record = harbour.add("Invoices", an_invoice(harbour, a_line()))
    assert (record["SubTotal"], record["TotalTax"], record["Total"]) == (100, 15, 115)
    assert record["AmountDue"] == Decimal("115.00")
    line = record["LineItems"][0]
    assert line["AccountID"] == harbour.id_of("Accounts", "201")
    assert line["LineItemID"]
    document = harbour.documents["Invoices"][record["InvoiceID"]]
    assert [posting.amount_base for posting in harbour.books.entry(document)] == [115, -100, -15]
    now_owed = harbour.records["Contacts"][harbour.id_of("Contacts", "fraser-t")]["Balances"]
    difference = (
        now_owed["AccountsReceivable"]["Outstanding"] - owed["AccountsReceivable"]["Outstanding"]
    )
    assert difference == Decimal("115.00")


def test_the_same_id_is_not_added_twice(changeable_harbour: Organisation) -> None:
    changeable_harbour.add("Invoices", an_invoice(changeable_harbour, a_line()))
    with pytest.raises(ValueError, match="already holds"):
        changeable_harbour.add("Invoices", an_invoice(changeable_harbour, a_line()))


def test_a_code_that_two_accounts_bear_means_the_active_one(
    changeable_harbour: Organisation,
) -> None:
    record = changeable_harbour.add("Invoices", an_invoice(changeable_harbour, a_line("250")))
    assert record["LineItems"][0]["AccountID"] == changeable_harbour.id_of("Accounts", "250")


def test_lines_show_present_names_without_a_new_stamp(
    changeable_harbour: Organisation, document_of
) -> None:
    harbour = changeable_harbour
    sale = document_of(harbour, "S0509")
    category_id = harbour.id_of("TrackingCategories", "division")
    option_id = harbour.id_of("TrackingOptions", "division", "kitchens")
    options = harbour.records["TrackingCategories"][category_id]["Options"]
    renamed = [
        {**option, "Name": "Kitchens & Sculleries"}
        if option["TrackingOptionID"] == option_id
        else option
        for option in options
    ]
    harbour.change("TrackingCategories", category_id, Options=renamed)
    harbour.change("Accounts", harbour.id_of("Accounts", "201"), Code="206")
    harbour.change("Contacts", harbour.id_of("Contacts", "waimea-homes"), Name="Waimea Group")
    record = harbour.records["Invoices"][sale.document_id]
    assert record["Contact"]["Name"] == "Waimea Group"
    assert record["LineItems"][0]["AccountCode"] == "206"
    names = [entry["Option"] for entry in record["LineItems"][0]["Tracking"]]
    assert names == ["Nelson", "Kitchens & Sculleries"]
    assert record["UpdatedDateUTC"] == sale.updated_at
    builder = harbour.records["Contacts"][harbour.id_of("Contacts", "tasman-bay-builders")]
    assert builder["SalesTrackingCategories"][1] == {
        "TrackingCategoryName": "Division",
        "TrackingOptionName": "Kitchens & Sculleries",
    }
    item = harbour.records["Items"][harbour.id_of("Items", "WAR-SLIDE")]
    assert item["SalesDetails"]["AccountCode"] == "206"


def test_a_deleted_item_stays_on_its_lines_as_a_code(
    changeable_harbour: Organisation, document_of
) -> None:
    sale = document_of(changeable_harbour, "S0509")
    changeable_harbour.remove("Items", changeable_harbour.id_of("Items", "KIT-COMP"))
    line = changeable_harbour.records["Invoices"][sale.document_id]["LineItems"][0]
    assert line["ItemCode"] == "KIT-COMP"
    assert "Item" not in line


def test_nothing_else_moves_when_one_field_is_changed(
    changeable_harbour: Organisation, document_of
) -> None:
    for key in ("S0083", "S0341", "S0423", "S0624", "B0404", "C009"):
        document = document_of(changeable_harbour, key)
        before = changeable_harbour.records[document.endpoint][document.document_id]
        changeable_harbour.change(
            document.endpoint, document.document_id, stamp=False, Reference="new"
        )
        after = changeable_harbour.records[document.endpoint][document.document_id]
        assert after == {**before, "Reference": "new"}


@pytest.mark.parametrize(
    "fields",
    [{"LineItems": None}, {"Status": "HELD"}, {"Surprise": {"a": [1]}}, {"Payments": None}],
)
def test_what_xero_would_never_say_is_shown_as_given(
    changeable_harbour: Organisation, document_of, fields: dict[str, Any]
) -> None:
    sale = document_of(changeable_harbour, "S0509")
    record = changeable_harbour.change("Invoices", sale.document_id, **fields)
    assert {field: record[field] for field in fields} == fields


def test_a_voided_document_is_no_longer_owed_or_paid(
    changeable_harbour: Organisation, document_of
) -> None:
    sale = document_of(changeable_harbour, "S0509")
    record = changeable_harbour.change("Invoices", sale.document_id, Status="VOIDED", Payments=[])
    assert "FullyPaidOnDate" not in record
    assert (record["AmountDue"], record["AmountPaid"], record["Total"]) == (0, 0, sale.body.total)


def test_a_merged_contacts_documents_can_move_to_the_other(
    changeable_harbour: Organisation, document_of
) -> None:
    harbour = changeable_harbour
    sale = document_of(harbour, "S0509")
    other = harbour.id_of("Contacts", "kahurangi")
    record = harbour.change("Invoices", sale.document_id, stamp=False, Contact={"ContactID": other})
    assert record["Contact"]["Name"] == "Kahurangi Construction"
    assert {post.contact_id for post in harbour.books.entry(document_of(harbour, "S0509"))} == {
        other
    }
