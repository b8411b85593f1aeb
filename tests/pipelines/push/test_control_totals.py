"""Control totals against figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from desired_state import (
    HARBOUR,
    THISTLE,
    a_contact,
    a_document,
    a_line,
    a_record,
    a_row,
    an_invoice,
)
from plans import a_plan

CREDIT_NOTE = a_document(
    "CN-1",
    "ACCRECCREDIT",
    ("100.00", "15.00", "115.00"),
    [a_line("200", "100.00", "15.00", "Kitchens")],
)
BILL = a_document(
    "B-1",
    "ACCPAY",
    ("400.00", "60.00", "460.00"),
    [a_line("310", "400.00", "60.00", "North", tax_type="INPUT2")],
    facts={"source_total": "460.01", "document_date": "2026-09-30"},
)
JOURNAL_LINES = [
    {"account_code": "310", "account_name": "Purchases", "debit": "75.25", "credit": None,
     "net": "75.25", "tax": None, "tax_type": None, "tracking": ["North"]},
    {"account_code": "630", "account_name": "Inventory", "debit": None, "credit": "75.25",
     "net": "-75.25", "tax": None, "tax_type": None, "tracking": []},
]  # fmt: skip


def a_journal():
    facts = {
        "document_type": "manual_journal",
        "document_date": "2026-10-31",
        "lock_date": "2026-09-30",
        "currency_code": "NZD",
        "lines": JOURNAL_LINES,
    }
    return a_row({"Narration": "Stock [wg-10]"}, record_key="wg-10", label="Stock", facts=facts)


@pytest.fixture(scope="module")
def totals():
    in_pounds = {"currency_code": "GBP"}
    of_another_organisation = an_invoice("GB-1", tenant_id=THISTLE, facts=in_pounds)
    records = [
        a_record("xero", "contacts", a_contact()),
        a_record("xero", "contacts", a_contact("workguru:18")),
        a_record("xero", "invoices", an_invoice(facts={"contact": "new"})),
        a_record("xero", "bills", BILL),
        a_record("xero", "credit_notes", CREDIT_NOTE),
        a_record("xero", "manual_journals", a_journal()),
        a_record("xero", "invoices", of_another_organisation),
    ]
    return a_plan(records).control_totals


def of_harbour(rows, *names):
    return [tuple(row[name] for name in names) for row in rows if row["tenant_id"] == HARBOUR]


def test_documents_are_counted_and_added_up_by_type_and_currency(totals):
    columns = ("document_type", "currency_code", "documents", "net", "tax", "gross")
    assert set(of_harbour(totals["documents"], *columns)) == {
        ("invoice", "NZD", 1, "1230.00", "184.50", "1414.50"),
        ("bill", "NZD", 1, "400.00", "60.00", "460.00"),
        ("credit_note", "NZD", 1, "100.00", "15.00", "115.00"),
        ("manual_journal", "NZD", 1, "0.00", "0.00", "0.00"),
    }


def test_each_account_is_debited_and_credited_as_the_documents_book_it(totals):
    found = of_harbour(totals["accounts"], "account_code", "account_name", "debit", "credit")
    assert found == [
        ("200", "Sales", "100.00", "1000.00"),
        ("260", "Delivery", "0.00", "230.00"),
        ("310", "Purchases", "475.25", "0.00"),
        ("630", "Inventory", "0.00", "75.25"),
        (None, "Accounts payable", "0.00", "460.00"),
        (None, "Accounts receivable", "1414.50", "115.00"),
        (None, "Tax", "75.00", "184.50"),
    ]
    debits, credits = (sum(Decimal(row[side]) for row in found) for side in (2, 3))
    assert debits == credits == Decimal("2064.75")


def test_tax_is_added_up_by_tax_type(totals):
    found = of_harbour(totals["taxes"], "document_type", "tax_type", "net", "tax")
    assert set(found) == {
        ("invoice", "OUTPUT2", "1230.00", "184.50"),
        ("credit_note", "OUTPUT2", "100.00", "15.00"),
        ("bill", "INPUT2", "400.00", "60.00"),
    }


def test_amounts_are_added_up_by_tracking_option(totals):
    found = of_harbour(totals["tracking"], "option", "debit", "credit")
    assert found == [("Kitchens", "100.00", "1000.00"), ("North", "475.25", "1230.00")]


def test_currencies_and_organisations_are_kept_apart(totals):
    others = [row for row in totals["documents"] if row["tenant_id"] == THISTLE]
    assert [(row["currency_code"], row["gross"]) for row in others] == [("GBP", "1414.50")]


def test_new_contacts_are_shown_with_the_template_they_get(totals):
    columns = ("contact", "template_contact", "contacts", "documents")
    assert set(of_harbour(totals["contacts"], *columns)) == {
        ("new", "Template, retail", 2, 0),
        ("new", None, 0, 1),
        ("existing", None, 0, 2),
    }


def test_dates_stand_against_the_lock_date(totals):
    columns = ("earliest", "latest", "lock_date", "in_locked_period")
    assert of_harbour(totals["dates"], *columns) == [("2026-09-30", "2026-11-10", "2026-09-30", 1)]


def test_a_document_whose_total_would_differ_is_named(totals):
    columns = ("record_key", "source_total", "target_total")
    assert of_harbour(totals["differences"], *columns) == [("B-1", "460.01", "460.00")]
