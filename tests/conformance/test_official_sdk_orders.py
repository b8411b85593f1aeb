"""Xero's own Python SDK reads orders, quotes and short lists, and finds what the world holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipelines.sandbox.organisation import Organisation

CENT = Decimal("0.01")


def exact(value: Any) -> Decimal:
    """Undo what the SDK does to decimals, which it reads through float."""
    return Decimal(value).quantize(CENT)


def test_purchase_orders_are_paged_though_nobody_asks(reader, organisation: Organisation):
    expected = organisation.records["PurchaseOrders"]
    answer = reader.get_purchase_orders(organisation.tenant_id)
    assert answer.pagination.item_count == len(expected) > 0
    assert {
        one.purchase_order_id: (exact(one.total), len(one.line_items))
        for one in answer.purchase_orders
    } == {key: (record["Total"], len(record["LineItems"])) for key, record in expected.items()}


def test_purchase_orders_of_a_range_of_dates(reader, organisation: Organisation):
    first, last = "2025-09-01", "2026-02-28"
    found = reader.get_purchase_orders(
        organisation.tenant_id, date_from=first, date_to=last
    ).purchase_orders
    expected = [
        key
        for key, one in organisation.records["PurchaseOrders"].items()
        if first <= one["Date"].isoformat() <= last
    ]
    assert sorted(one.purchase_order_id for one in found) == sorted(expected) != []


def test_quotes_come_in_hundreds_whatever_is_asked(reader, organisation: Organisation):
    expected = organisation.records["Quotes"]
    found: list[Any] = []
    while True:
        page = reader.get_quotes(organisation.tenant_id, page=len(found) // 100 + 1).quotes
        found += page
        if len(page) < 100:
            break
    assert {one.quote_id: exact(one.total) for one in found} == {
        key: record["Total"] for key, record in expected.items()
    }
    assert {one.line_amount_types.value for one in found} <= {"EXCLUSIVE", "INCLUSIVE", "NOTAX"}


@pytest.mark.parametrize(
    ("endpoint", "key", "id_field"),
    [
        ("RepeatingInvoices", "repeating_invoices", "repeating_invoice_id"),
        ("LinkedTransactions", "linked_transactions", "linked_transaction_id"),
        ("BrandingThemes", "branding_themes", "branding_theme_id"),
        ("Budgets", "budgets", "budget_id"),
    ],
)
def test_all_records_of_a_short_list(reader, organisation, endpoint, key, id_field):
    found = getattr(getattr(reader, f"get_{key}")(organisation.tenant_id), key)
    assert {getattr(one, id_field) for one in found} == set(organisation.records[endpoint]) != set()


def test_currencies(reader, organisation: Organisation):
    found = reader.get_currencies(organisation.tenant_id).currencies
    assert [one.code.value for one in found] == list(organisation.records["Currencies"])


def test_contact_groups_show_members_one_at_a_time(reader, organisation: Organisation):
    expected = organisation.records["ContactGroups"]
    live = {key for key, one in expected.items() if one["Status"] == "ACTIVE"}
    found = reader.get_contact_groups(organisation.tenant_id).contact_groups
    assert {one.contact_group_id for one in found} == live != set(expected)
    assert all(not one.contacts for one in found)
    for key in live:
        (one,) = reader.get_contact_group(organisation.tenant_id, key).contact_groups
        assert [contact.contact_id for contact in one.contacts] == [
            contact["ContactID"] for contact in expected[key]["Contacts"]
        ]


def test_a_budget_shows_its_lines_alone_and_for_the_months_asked(reader, organisation):
    for key, record in organisation.records["Budgets"].items():
        listed = reader.get_budgets(organisation.tenant_id, i_ds=[key]).budgets
        assert [one.budget_lines for one in listed] == [[]]
        (one,) = reader.get_budget(
            organisation.tenant_id, key, date_from="2026-05-01", date_to="2026-07-31"
        ).budgets
        lines = record["BudgetLines"]
        assert [line.account_id for line in one.budget_lines] == [
            line["AccountID"] for line in lines
        ]
        assert all(len(line.budget_balances) == 3 for line in one.budget_lines)
