"""Xero's own Python SDK writes contacts and items to the sandbox and reads them back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from xero_python import accounting as sdk
from xero_python.exceptions import AccountingBadRequestException

PLACES = Decimal("0.0001")


def texts(found: Any) -> list[str]:
    return [one.message for one in found or []]


def test_contacts_are_created_with_what_a_template_gives(accounting, harbour):
    tracking = [
        sdk.SalesTrackingCategory(tracking_category_name="Branch", tracking_option_name="Nelson")
    ]
    terms = sdk.PaymentTerm(sales=sdk.Bill(day=20, type=sdk.PaymentTermType("OFFOLLOWINGMONTH")))
    sent = sdk.Contact(
        name="Mapua Wharf Cafe",
        contact_number="workguru:5099",
        email_address="till@mapua-wharf.example",
        phones=[sdk.Phone(phone_type="MOBILE", phone_number="555 1212")],
        addresses=[sdk.Address(address_type="POBOX", address_line1="PO Box 7", city="Mapua")],
        sales_default_account_code="200",
        sales_tracking_categories=tracking,
        payment_terms=terms,
    )
    answer = accounting.create_contacts(harbour.tenant_id, sdk.Contacts(contacts=[sent]))
    identity = answer.contacts[0].contact_id
    (found,) = accounting.get_contact(harbour.tenant_id, identity).contacts
    assert (found.name, found.contact_number) == ("Mapua Wharf Cafe", "workguru:5099")
    assert found.sales_default_account_code == "200"
    assert found.payment_terms.sales.day == 20
    assert [one.phone_number for one in found.phones if one.phone_type == "MOBILE"] == ["555 1212"]
    (category,) = found.sales_tracking_categories
    assert (category.tracking_category_name, category.tracking_option_name) == ("Branch", "Nelson")
    by_number = accounting.get_contacts(
        harbour.tenant_id, where='ContactNumber=="workguru:5099"'
    ).contacts
    assert [one.contact_id for one in by_number] == [identity]


def test_a_contact_is_updated_and_keeps_the_rest(accounting, harbour, contact):
    (before,) = accounting.get_contact(harbour.tenant_id, contact.contact_id).contacts
    update = sdk.Contacts(
        contacts=[sdk.Contact(contact_id=contact.contact_id, email_address="new@example.com")]
    )
    accounting.update_or_create_contacts(harbour.tenant_id, update)
    renamed = sdk.Contacts(contacts=[sdk.Contact(name="Tasman Bay Builders (2026) Ltd")])
    accounting.update_contact(harbour.tenant_id, contact.contact_id, renamed)
    (after,) = accounting.get_contact(harbour.tenant_id, contact.contact_id).contacts
    assert (after.email_address, after.name) == (
        *("new@example.com", "Tasman Bay Builders (2026) Ltd"),
    )
    assert after.sales_tracking_categories == before.sales_tracking_categories
    assert after.sales_default_account_code == before.sales_default_account_code
    assert after.updated_date_utc > before.updated_date_utc


def test_contacts_that_are_refused_come_with_xeros_reasons(accounting, harbour):
    sent = [
        sdk.Contact(name="New Customer Ltd"),
        sdk.Contact(name="Tasman Bay Builders Ltd"),
        sdk.Contact(name="X", sales_tracking_categories=[sdk.SalesTrackingCategory()]),
    ]
    answer = accounting.create_contacts(
        harbour.tenant_id, sdk.Contacts(contacts=sent), summarize_errors=False
    )
    assert [one.status_attribute_string for one in answer.contacts] == ["OK", "ERROR", "ERROR"]
    assert texts(answer.contacts[1].validation_errors) == [
        "The contact name Tasman Bay Builders Ltd is already assigned to another contact. "
        "The contact name must be unique across all active contacts."
    ]
    assert texts(answer.contacts[2].validation_errors) == [
        "SalesCategory is missing a TrackingCategoryName",
        "There is no ACTIVE tracking category with the name ''",
    ]
    with pytest.raises(AccountingBadRequestException):
        accounting.create_contacts(harbour.tenant_id, sdk.Contacts(contacts=sent[1:2]))


def test_an_item_is_created_updated_and_deleted(accounting, harbour):
    sales = sdk.Purchase(unit_price=89.9975, account_code="200", tax_type="OUTPUT2")
    purchase = sdk.Purchase(unit_price=41.5, account_code="300", tax_type="INPUT2")
    item = sdk.Item(
        code="SHELF-900",
        name="Shelf 900",
        description="Floating shelf, oak",
        sales_details=sales,
        purchase_details=purchase,
    )
    answer = accounting.create_items(harbour.tenant_id, sdk.Items(items=[item]), unitdp=4)
    identity = answer.items[0].item_id
    update = sdk.Items(items=[sdk.Item(code="SHELF-900", name="Shelf 900 oak")])
    accounting.update_or_create_items(harbour.tenant_id, update)
    (found,) = accounting.get_item(harbour.tenant_id, identity, unitdp=4).items
    assert (found.name, found.description) == ("Shelf 900 oak", "Floating shelf, oak")
    assert Decimal(found.sales_details.unit_price).quantize(PLACES) == Decimal("89.9975")
    assert (found.purchase_details.account_code, found.is_tracked_as_inventory) == ("300", False)
    accounting.delete_item(harbour.tenant_id, identity)
    codes = {one.code for one in accounting.get_items(harbour.tenant_id).items}
    assert "SHELF-900" not in codes


def test_a_tracked_item_needs_its_two_accounts_and_a_code_of_its_own(accounting, harbour):
    tracked = sdk.Item(
        code="HINGE-NEW",
        inventory_asset_account_code="630",
        purchase_details=sdk.Purchase(cogs_account_code="310", tax_type="INPUT2"),
    )
    half = sdk.Item(code="HALF", purchase_details=sdk.Purchase(cogs_account_code="310"))
    answer = accounting.create_items(
        harbour.tenant_id, sdk.Items(items=[tracked, half, tracked]), summarize_errors=False
    )
    assert answer.items[0].is_tracked_as_inventory is True
    assert texts(answer.items[1].validation_errors) == [
        "Cost Of Goods Sold Account must be used with an Inventory Asset Account"
    ]
    assert texts(answer.items[2].validation_errors) == [
        "Price List Item with Code 'HINGE-NEW' already exists"
    ]
