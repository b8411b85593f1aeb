"""Xero's own Python SDK writes to the sandbox and reads back what it wrote."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from xero_python import accounting as sdk
from xero_python.exceptions import AccountingBadRequestException

from pipelines.sandbox.organisation import Organisation

CENT = Decimal("0.01")


@pytest.fixture
def line(harbour: Organisation):
    """Make a sales line with both tracking categories; give fields to change it."""

    def make(**fields: Any) -> sdk.LineItem:
        category = harbour.id_of("TrackingCategories", "branch")
        option = harbour.id_of("TrackingOptions", "branch", "nelson")
        by_id = sdk.LineItemTracking(tracking_category_id=category, tracking_option_id=option)
        by_name = sdk.LineItemTracking(name="Division", option="Kitchens")
        given: dict[str, Any] = {
            "description": "Base cabinet",
            "quantity": 2.0,
            "unit_amount": 412.1234,
            "account_code": "200",
            "tax_type": "OUTPUT2",
            "tracking": [by_id, by_name],
        }
        return sdk.LineItem(**{**given, **fields})

    return make


@pytest.fixture
def invoice(contact: sdk.Contact, line: Any):
    def make(*lines: sdk.LineItem, **fields: Any) -> sdk.Invoice:
        given: dict[str, Any] = {
            "type": "ACCREC",
            "contact": contact,
            "date": date(2026, 11, 2),
            "due_date": date(2026, 12, 2),
            "line_items": list(lines) or [line()],
        }
        return sdk.Invoice(**{**given, **fields})

    return make


def exact(value: Any) -> Decimal:
    """Undo what the SDK does to decimals, which it reads through float."""
    return Decimal(value).quantize(CENT)


def texts(found: Any) -> list[str]:
    return [one.message for one in found or []]


def test_an_invoice_is_created_and_read_back(accounting, harbour, invoice):
    sent = sdk.Invoices(invoices=[invoice(invoice_number="SDK-1", status="AUTHORISED")])
    answer = accounting.create_invoices(harbour.tenant_id, sent, unitdp=4)
    identity = answer.invoices[0].invoice_id
    (found,) = accounting.get_invoice(harbour.tenant_id, identity, unitdp=4).invoices
    assert (found.invoice_number, found.status, found.date) == (
        *("SDK-1", "AUTHORISED", date(2026, 11, 2)),
    )
    assert exact(found.total) == Decimal("947.89")  # 824.25 and 15 %
    assert [one.option for one in found.line_items[0].tracking] == ["Nelson", "Kitchens"]


def test_an_invoice_is_updated_and_its_lines_are_replaced(accounting, harbour, invoice, line):
    answer = accounting.create_invoices(
        harbour.tenant_id, sdk.Invoices(invoices=[invoice(), invoice()])
    )
    first, second = answer.invoices
    kept = first.line_items[0].line_item_id
    lines = [sdk.LineItem(line_item_id=kept, quantity=1.0), line(quantity=3.0)]
    update = sdk.Invoices(invoices=[sdk.Invoice(line_items=lines, reference="changed")])
    accounting.update_invoice(harbour.tenant_id, first.invoice_id, update)
    (found,) = accounting.get_invoice(harbour.tenant_id, first.invoice_id).invoices
    assert [exact(one.quantity) for one in found.line_items] == [1, 3]
    assert found.line_items[0].line_item_id == kept
    (other,) = accounting.get_invoice(harbour.tenant_id, second.invoice_id).invoices
    assert len(other.line_items) == 1


def test_bills_are_created_or_updated_each_with_its_own_outcome(accounting, harbour, invoice, line):
    good = line(account_code="300", tax_type="INPUT2")
    bad = line(account_code="999")
    bills = [invoice(one, type="ACCPAY", invoice_number="B-77") for one in (good, bad, good)]
    answer = accounting.update_or_create_invoices(
        harbour.tenant_id, sdk.Invoices(invoices=bills), summarize_errors=False
    )
    assert [one.status_attribute_string for one in answer.invoices] == ["OK", "ERROR", "OK"]
    assert texts(answer.invoices[1].validation_errors)[0] == (
        "Account code '999' is not a valid code for this document."
    )


def test_a_refused_request_becomes_the_sdks_exception(accounting, harbour, invoice, line):
    sent = sdk.Invoices(invoices=[invoice(line(account_code="240"))])
    with pytest.raises(AccountingBadRequestException) as caught:
        accounting.create_invoices(harbour.tenant_id, sent)
    assert str(caught.value.reason).startswith("Account code '240' has been archived")


def test_an_idempotency_key_does_it_once(accounting, harbour, invoice):
    sent = sdk.Invoices(invoices=[invoice()])
    first, second = (
        accounting.create_invoices(harbour.tenant_id, sent, idempotency_key="once").invoices[0]
        for _ in range(2)
    )
    assert first.invoice_id == second.invoice_id


def test_a_credit_note_is_created_and_updated(accounting, harbour, contact, line):
    note = sdk.CreditNote(
        type="ACCRECCREDIT", contact=contact, date=date(2026, 11, 2), line_items=[line()]
    )
    answer = accounting.create_credit_notes(harbour.tenant_id, sdk.CreditNotes(credit_notes=[note]))
    identity = answer.credit_notes[0].credit_note_id
    update = sdk.CreditNotes(credit_notes=[sdk.CreditNote(status="AUTHORISED")])
    accounting.update_credit_note(harbour.tenant_id, identity, update)
    (found,) = accounting.get_credit_note(harbour.tenant_id, identity).credit_notes
    assert (found.status, exact(found.remaining_credit)) == ("AUTHORISED", Decimal("947.88"))


def test_a_manual_journal_is_created_posted_and_listed(accounting, harbour):
    def journal_line(code: str, amount: float) -> sdk.ManualJournalLine:
        tracking = sdk.TrackingCategory(name="Branch", option="Nelson")
        return sdk.ManualJournalLine(
            line_amount=amount, account_code=code, description="Used", tracking=[tracking]
        )

    journal = sdk.ManualJournal(
        narration="Stock used [nov]",
        date=date(2026, 11, 30),
        journal_lines=[journal_line("310", 12.5), journal_line("630", -12.5)],
    )
    answer = accounting.create_manual_journals(
        harbour.tenant_id, sdk.ManualJournals(manual_journals=[journal])
    )
    (created,) = answer.manual_journals
    assert created.status == "DRAFT"
    update = sdk.ManualJournals(
        manual_journals=[sdk.ManualJournal(narration="Stock used", status="POSTED")]
    )
    accounting.update_manual_journal(harbour.tenant_id, created.manual_journal_id, update)
    (found,) = accounting.get_manual_journals(
        harbour.tenant_id, where='Narration=="Stock used"', page=1
    ).manual_journals
    assert (found.status, found.narration, found.date) == (
        "POSTED",
        "Stock used",
        date(2026, 11, 30),
    )
    assert [exact(one.line_amount) for one in found.journal_lines] == [
        Decimal("12.50"),
        Decimal("-12.50"),
    ]
    assert found.journal_lines[0].tracking[0].option == "Nelson"


def test_a_journal_line_that_xero_removes_comes_with_a_warning(accounting, harbour):
    lines = [
        sdk.ManualJournalLine(line_amount=amount, account_code=code)
        for code, amount in (("310", 100.0), ("630", -10.0), ("476", -90.0))
    ]
    sent = sdk.ManualJournals(
        manual_journals=[sdk.ManualJournal(narration="x", journal_lines=lines)]
    )
    answer = accounting.update_or_create_manual_journals(
        harbour.tenant_id, sent, summarize_errors=False
    )
    (outcome,) = answer.manual_journals
    assert texts(outcome.warnings) == [
        "Account code '476' has been removed as it does not match a recognised account."
    ]
    assert texts(outcome.validation_errors) == [
        "The total debits (100.00) must equal total credits (-10.00)"
    ]


def test_a_draft_is_deleted_and_an_approved_invoice_voided(accounting, harbour, invoice):
    sent = sdk.Invoices(invoices=[invoice(), invoice(status="AUTHORISED")])
    draft, approved = accounting.create_invoices(harbour.tenant_id, sent).invoices

    def become(record: sdk.Invoice, status: str) -> Any:
        update = sdk.Invoices(invoices=[sdk.Invoice(status=status)])
        return accounting.update_invoice(harbour.tenant_id, record.invoice_id, update)

    with pytest.raises(AccountingBadRequestException) as caught:
        become(draft, "VOIDED")
    assert "Invoice not of valid status for modification" in str(caught.value.reason)
    assert become(draft, "DELETED").invoices[0].status == "DELETED"
    assert become(approved, "VOIDED").invoices[0].status == "VOIDED"
    with pytest.raises(AccountingBadRequestException):
        become(draft, "DRAFT")
