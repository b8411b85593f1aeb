"""Staging of what moves money: each field typed once, allocations and report rows as rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

STAGING = [f"path:dbt_project/models/staging/{part}" for part in ("xero", "runs", "quality")]


def a_cell(value: str, account: str | None = None) -> dict[str, Any]:
    attributes = [{"Value": account, "Id": "account"}] if account else []
    return {"Value": value, "Attributes": attributes} if attributes else {"Value": value}


def a_row(*cells: dict[str, Any], kind: str = "Row") -> dict[str, Any]:
    return {"RowType": kind, "Cells": list(cells)}


@pytest.fixture(scope="module")
def staged(new_warehouse):
    raw = new_warehouse()
    read = raw.read
    read(
        "raw_xero.payments",
        "paid",
        {
            "Date": "/Date(1770076800000+0000)/",
            "Amount": 100.5,
            "BankAmount": "83.75",
            "CurrencyRate": 1.2,
            "Status": "AUTHORISED",
            "PaymentType": "ACCRECPAYMENT",
            "Account": {"AccountID": "bank"},
            "IsReconciled": "false",
            "Invoice": {
                "InvoiceID": "invoice-1",
                "InvoiceNumber": "INV-1",
                "CurrencyCode": "EUR",
                "Contact": {"ContactID": "contact-1"},
            },
            "BatchPayment": {"BatchPaymentID": "batch-1", "TotalAmount": "50.00"},
        },
    )
    read(
        "raw_xero.payments",
        "refund",
        {
            "Amount": "?",
            "Overpayment": {"OverpaymentID": "over-1", "Contact": {"ContactID": "contact-2"}},
        },
    )
    allocations = [
        {
            "AllocationID": "allocation-1",
            "Amount": 40,
            "Date": "/Date(1770076800000+0000)/",
            "IsDeleted": False,
            "Invoice": {"InvoiceID": "invoice-1", "InvoiceNumber": "INV-1"},
        },
        {"Amount": 2.5, "IsDeleted": True, "Invoice": {"InvoiceID": "invoice-2"}},
    ]
    read("raw_xero.credit_notes", "credit", {"Total": 50, "Allocations": allocations})
    line = {"LineAmount": 10, "TaxAmount": 1.5, "AccountID": "sales", "Tracking": []}
    advance = {"Total": 11.5, "LineItems": [line], "Allocations": allocations[:1]}
    read("raw_xero.prepayments", "pre", {"DateString": "2026-02-03T00:00:00", **advance})
    read("raw_xero.overpayments", "over", {**advance, "RemainingCredit": "half"})
    read(
        "raw_xero.bank_transactions",
        "bank",
        {
            "Type": "RECEIVE-PREPAYMENT",
            "BankAccount": {"AccountID": "bank"},
            "PrepaymentID": "pre",
            "LineItems": [line],
        },
    )
    read(
        "raw_xero.bank_transfers",
        "transfer",
        {
            "FromBankAccount": {"AccountID": "bank"},
            "ToBankAccount": {"AccountID": "savings"},
            "Amount": 20,
            "CreatedDateUTC": "/Date(1476737161140+0000)/",
        },
    )
    read("raw_xero.batch_payments", "batch-1", {"TotalAmount": "50.00", "Payments": [{}, {}]})
    option = {"TrackingCategoryID": "region", "TrackingOptionID": "north"}
    read(
        "raw_xero.manual_journals",
        "journal",
        {"JournalLines": [{"LineAmount": -5, "Tracking": [option]}, {"LineAmount": 5}]},
    )
    sales = [a_cell(text, "sales") for text in ("Sales (200)", "", "12.00", "", "1020.22")]
    section = {
        "RowType": "Section",
        "Title": "Revenue",
        "Rows": [a_row(*sales), a_row(a_cell("Total"), a_cell("1.00"), kind="SummaryRow")],
    }
    header = {"RowType": "Header", "Cells": [a_cell("Account"), a_cell("Debit")]}
    report = {"ReportName": "Trial Balance", "Rows": [header, section]}
    read("raw_xero.trial_balance_reports", "TrialBalance/2026-02-28", report)
    raw.build(*STAGING)
    return raw


def test_a_payment_names_what_it_settles_at_what_rate_and_where(staged):
    row = staged.one(
        """
        select payment_date, amount, bank_amount, currency_rate, account_id, is_reconciled,
            settled_document_id, contact_id, currency_code, batch_payment_id
        from staging.stg_xero__payments where payment_id = 'paid'
        """
    )
    assert row == (
        *(date(2026, 2, 3), Decimal("100.5000"), Decimal("83.7500"), Decimal("1.200000"), "bank"),
        *(False, "invoice-1", "contact-1", "EUR", "batch-1"),
    )


def test_a_refund_names_the_credit(staged):
    row = staged.one(
        """
        select settled_document_id, contact_id, amount
        from staging.stg_xero__payments where payment_id = 'refund'
        """
    )
    assert row == ("over-1", "contact-2", None)


@pytest.mark.parametrize("credit", ["credit_note", "prepayment", "overpayment"])
def test_each_allocation_is_a_row(staged, credit):
    rows = staged.rows(
        f"""
        select allocation_id, invoice_id, invoice_number, allocation_date, amount, is_removed
        from staging.stg_xero__{credit}_allocations order by allocation_number
        """  # noqa: S608
    )
    first = ("allocation-1", "invoice-1", "INV-1", date(2026, 2, 3), Decimal("40.0000"), False)
    removed = ("credit-2", "invoice-2", None, None, Decimal("2.5000"), True)
    assert rows == ([first, removed] if credit == "credit_note" else [first])


def test_a_bank_transaction_names_its_account_and_what_it_repeats(staged):
    row = staged.one(
        "select bank_account_id, prepayment_id, overpayment_id "
        "from staging.stg_xero__bank_transactions"
    )
    assert row == ("bank", "pre", None)


@pytest.mark.parametrize("kind", ["bank_transaction", "prepayment", "overpayment"])
def test_lines_are_typed_as_those_of_invoices(staged, kind):
    row = staged.one(
        f"select line_number, line_amount, tax_amount, account_id from staging.stg_xero__{kind}_lines"  # noqa: S608, E501
    )
    assert row == (1, Decimal("10.0000"), Decimal("1.5000"), "sales")


def test_a_transfer_has_the_instant_it_was_entered(staged):
    row = staged.one(
        "select from_account_id, to_account_id, amount, created_at "
        "from staging.stg_xero__bank_transfers"
    )
    entered = datetime(2016, 10, 17, 20, 46, 1, 140000)
    assert row == ("bank", "savings", Decimal("20.0000"), entered)


def test_a_batch_has_a_total_that_xero_sends_as_text(staged):
    row = staged.one("select total_amount, payment_count from staging.stg_xero__batch_payments")
    assert row == (Decimal("50.0000"), 2)


def test_journal_lines_have_no_id_but_their_place(staged):
    rows = staged.rows(
        """
        select line_id, line_amount, tax_amount, tracking_count, tracking_option_id_1
        from staging.stg_xero__manual_journal_lines order by line_number
        """
    )
    none = Decimal("0.0000")
    assert rows == [
        ("journal-1", Decimal("-5.0000"), none, 1, "north"),
        ("journal-2", Decimal("5.0000"), none, 0, None),
    ]


def test_report_rows_are_those_of_accounts_and_blank_cells_are_null(staged):
    rows = staged.rows(
        """
        select month_end, section_title, account_id, row_title, debit, credit, ytd_debit, ytd_credit
        from staging.stg_xero__trial_balance_rows
        """
    )
    amounts = (None, Decimal("12.0000"), None, Decimal("1020.2200"))
    assert rows == [(date(2026, 2, 28), "Revenue", "sales", "Sales (200)", *amounts)]


def test_what_cannot_be_typed_is_listed(staged):
    rows = staged.rows(
        "select record_type, record_id, field, raw_value "
        "from staging.stg_quality__typing_failures order by record_type"
    )
    assert rows == [
        ("overpayment", "over", "RemainingCredit", "half"),
        ("payment", "refund", "Amount", "?"),
    ]
