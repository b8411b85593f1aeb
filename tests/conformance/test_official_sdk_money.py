"""Xero's own Python SDK reads what moves money, and the reports, and finds what the world holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipelines.sandbox.organisation import Organisation

CENT = Decimal("0.01")


def exact(value: Any) -> Decimal:
    """Undo what the SDK does to decimals, which it reads through float."""
    return Decimal(value).quantize(CENT)


def text(value: Any) -> str:
    return getattr(value, "value", value)


def every_page(fetch: Any, tenant_id: str, key: str) -> list[Any]:
    found: list[Any] = []
    while True:
        answer = fetch(tenant_id, page=len(found) // 50 + 1, page_size=50)
        found += getattr(answer, key)
        if answer.pagination.page >= answer.pagination.page_count:
            assert len(found) == answer.pagination.item_count
            return found


@pytest.mark.parametrize(
    ("endpoint", "key", "amount", "of_lines"),
    [
        ("Payments", "payments", "Amount", None),
        ("BankTransactions", "bank_transactions", "Total", "LineItems"),
        ("Prepayments", "prepayments", "Total", "LineItems"),
        ("Overpayments", "overpayments", "Total", "LineItems"),
        ("ManualJournals", "manual_journals", None, "JournalLines"),
    ],
)
def test_all_records_of_a_paged_list(reader, organisation, endpoint, key, amount, of_lines):
    expected = organisation.records[endpoint]
    found = every_page(getattr(reader, f"get_{key}"), organisation.tenant_id, key)
    id_field = f"{key.removesuffix('s')}_id"
    assert [getattr(one, id_field) for one in found] == [
        identity for _, identity in organisation.in_order(endpoint)
    ]
    for one in found:
        record = expected[getattr(one, id_field)]
        assert text(one.status) == record["Status"]
        if amount:
            assert exact(getattr(one, amount.lower())) == record[amount]
        if of_lines:
            lines = one.line_items if of_lines == "LineItems" else one.journal_lines
            assert [exact(line.line_amount) for line in lines] == [
                line["LineAmount"] for line in record[of_lines]
            ]


def test_payments_name_what_they_settle_and_their_account(reader, organisation: Organisation):
    for one in every_page(reader.get_payments, organisation.tenant_id, "payments")[::25]:
        record = organisation.records["Payments"][one.payment_id]
        assert one.account.account_id == record["Account"]["AccountID"]
        assert exact(one.bank_amount) == record["BankAmount"]
        if "Invoice" in record:
            assert one.invoice.invoice_id == record["Invoice"]["InvoiceID"]


def test_transfers_without_and_with_the_deleted_ones(reader, organisation: Organisation):
    expected = organisation.records["BankTransfers"]
    live = reader.get_bank_transfers(organisation.tenant_id).bank_transfers
    everything = reader.get_bank_transfers(
        organisation.tenant_id, include_deleted=True
    ).bank_transfers
    assert {one.bank_transfer_id for one in everything} == set(expected)
    assert {one.bank_transfer_id for one in live} == {
        key for key in expected if expected[key]["Status"] != "DELETED"
    }
    assert len(live) < len(everything)


def test_batches_with_their_payments(reader, organisation: Organisation):
    found = reader.get_batch_payments(organisation.tenant_id).batch_payments
    assert len(found) == len(organisation.records["BatchPayments"]) > 0
    for one in found:
        assert exact(one.total_amount) == sum(exact(paid.bank_amount) for paid in one.payments)


def test_the_trial_balance_and_the_balance_sheet_balance(reader, organisation: Organisation):
    (trial,) = reader.get_report_trial_balance(organisation.tenant_id, date="2026-03-31").reports
    (total,) = trial.rows[-1].rows
    debit, credit, year_debit, year_credit = (cell.value for cell in total.cells[1:])
    assert (debit, year_debit) == (credit, year_credit)
    assert Decimal(year_debit) > 0
    (sheet,) = reader.get_report_balance_sheet(
        organisation.tenant_id, date="2026-03-31", periods=1
    ).reports
    rows = {row.cells[0].value: row.cells for top in sheet.rows for row in top.rows or []}
    for column in (1, 2):
        assert rows["Net Assets"][column].value == rows["Total Equity"][column].value


def test_journals_come_a_hundred_behind_a_number(reader, organisation: Organisation):
    expected = organisation.records["Journals"]
    found: list[Any] = []
    while True:
        last = found[-1].journal_number if found else 0
        page = reader.get_journals(organisation.tenant_id, offset=last).journals
        found += page
        if len(page) < 100:
            break
    assert [one.journal_id for one in found] == list(expected)
    assert [one.journal_number for one in found] == list(range(1, len(expected) + 1))
    for one in found:
        record = expected[one.journal_id]
        assert (one.source_id, text(one.source_type)) == (
            record.get("SourceID"),
            record.get("SourceType"),
        )
        assert [(line.account_id, exact(line.net_amount)) for line in one.journal_lines] == [
            (line["AccountID"], line["NetAmount"]) for line in record["JournalLines"]
        ]
        assert sum(exact(line.net_amount) for line in one.journal_lines) == 0


def test_a_journal_by_itself_does_not_tell_its_source(reader, organisation: Organisation):
    identity = next(iter(organisation.records["Journals"]))
    (one,) = reader.get_journal(organisation.tenant_id, identity).journals
    assert (one.journal_id, one.source_id, one.source_type) == (identity, None, None)
