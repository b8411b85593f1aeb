"""Reads an organisation's documents: invoices, credit notes, their lines, payments, allocations.

In: the folder of one organisation and its configuration records. Out: `Document`s by endpoint and
record id, in the files' order, with amounts worked out. A line names its account, item and tracking
options by their keys in the other files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pipelines.sandbox.configuration import Record, option_id
from pipelines.sandbox.documents import Allocation, Body, Document, Line, Payment
from pipelines.sandbox.stock_cost import stock_sold
from pipelines.sandbox.tables import (
    DemoDataError,
    Row,
    day,
    decimal,
    instant,
    pairs,
    read_rows,
    record_id,
    yes,
)

Documents = dict[str, dict[str, Document]]
KEYS = {"Invoices": "invoice", "CreditNotes": "credit_note"}
FILES = {"Invoices": "invoices.csv", "CreditNotes": "credit_notes.csv"}
LINE_FILES = {"Invoices": "invoice_lines.csv", "CreditNotes": "credit_note_lines.csv"}


def documents(
    folder: Path, tenant_id: str, records: Mapping[str, Mapping[str, Record]]
) -> Documents:
    """Return {endpoint: {document id: document}} of an organisation's files."""
    money = _money_by_document(folder, tenant_id)
    loaded: Documents = {}
    for endpoint, key in KEYS.items():
        lines = lines_by_document(folder / LINE_FILES[endpoint], key, tenant_id, records)
        loaded[endpoint] = {}
        for row in read_rows(folder / FILES[endpoint]):
            document = _document(endpoint, row, lines.get(row[key], ()), tenant_id, records, money)
            loaded[endpoint][document.document_id] = document
    return loaded


def tax_percentages(records: Mapping[str, Mapping[str, Record]]) -> dict[str, Decimal]:
    """Return the effective rate in percent of each tax type."""
    return {key: record["EffectiveRate"] for key, record in records["TaxRates"].items()}


def lines_by_document(
    path: Path, key: str, tenant_id: str, records: Mapping[str, Mapping[str, Record]]
) -> dict[str, tuple[Line, ...]]:
    """Return the lines of a file by the document (column `key`) that they belong to."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in read_rows(path):
        line = _line(row, tenant_id, records)
        lines[row[key]].append(line)
        if int(row["line"]) != len(lines[row[key]]):
            raise DemoDataError(f"{path}: lines of {row[key]} are not numbered 1, 2, 3 …")
    return {name: tuple(group) for name, group in lines.items()}


def _line(row: Row, tenant_id: str, records: Mapping[str, Mapping[str, Record]]) -> Line:
    account_id = row["account"] and record_id(tenant_id, "Accounts", row["account"])
    item_id = row["item"] and record_id(tenant_id, "Items", row["item"])
    if account_id and account_id not in records["Accounts"]:
        raise DemoDataError(f"a line is posted to {row['account']!r}, which accounts.csv lacks")
    return Line(
        description=row["description"] or None,
        quantity=decimal(row["quantity"]),
        unit_amount=decimal(row["unit_amount"]),
        tax_type=row["tax_type"] or None,
        account_id=account_id or None,
        item_id=item_id if item_id in records["Items"] else None,
        item_code=row["item"] or None,
        discount_rate=decimal(row.get("discount_rate", "")),
        discount_amount=decimal(row.get("discount_amount", "")),
        options=tuple(option_id(tenant_id, *pair) for pair in pairs(row["tracking"])),
    )


def payments_by_document(folder: Path, tenant_id: str) -> dict[str, tuple[Payment, ...]]:
    """Return the payments on documents and the refunds of advances, by their key."""
    payments: dict[str, list[Payment]] = defaultdict(list)
    for row in read_rows(folder / "payments.csv"):
        paid_on = day(row["date"])
        assert paid_on is not None, row
        account, batch = row.get("account", ""), row.get("batch", "")
        payment = Payment(
            paid_on,
            Decimal(row["amount"]),
            row["reference"],
            account_id=record_id(tenant_id, "Accounts", account) if account else None,
            rate=decimal(row.get("rate", "")),
            bank_amount=decimal(row.get("bank_amount", "")),
            status=row.get("status") or "AUTHORISED",
            batch_id=record_id(tenant_id, "BatchPayments", batch) if batch else None,
        )
        payments[row["document"]].append(payment)
    return {key: tuple(group) for key, group in payments.items()}


def _advance_allocations(folder: Path, tenant_id: str) -> dict[str, list[Allocation]]:
    """Return the live prepayments and overpayments applied to each invoice, by its key."""
    endpoints = {
        row[key]: endpoint
        for file, key, endpoint in (
            ("prepayments.csv", "prepayment", "Prepayments"),
            ("overpayments.csv", "overpayment", "Overpayments"),
        )
        for row in read_rows(folder / file)
    }
    found: dict[str, list[Allocation]] = defaultdict(list)
    for row in read_rows(folder / "advance_allocations.csv"):
        if not yes(row["deleted"]):
            kind, applied_on = endpoints[row["advance"]], day(row["date"])
            assert applied_on is not None, row
            identity, amount = record_id(tenant_id, kind, row["advance"]), Decimal(row["amount"])
            found[row["invoice"]].append(Allocation(identity, "", applied_on, amount, kind))
    return found


def _money_by_document(
    folder: Path, tenant_id: str
) -> tuple[dict[str, tuple[Payment, ...]], dict[str, tuple[Allocation, ...]]]:
    numbers = {
        row[key]: (record_id(tenant_id, endpoint, row[key]), row["number"])
        for endpoint, key in KEYS.items()
        for row in read_rows(folder / FILES[endpoint])
    }
    allocations = _advance_allocations(folder, tenant_id)
    for row in read_rows(folder / "allocations.csv"):
        applied_on, amount = day(row["date"]), Decimal(row["amount"])
        assert applied_on is not None, row
        for one, other in (("credit_note", "invoice"), ("invoice", "credit_note")):
            allocations[row[one]].append(Allocation(*numbers[row[other]], applied_on, amount))
    return (
        payments_by_document(folder, tenant_id),
        {key: tuple(group) for key, group in allocations.items()},
    )


def _document(
    endpoint: str,
    row: Row,
    lines: tuple[Line, ...],
    tenant_id: str,
    records: Mapping[str, Mapping[str, Record]],
    money: tuple[dict[str, tuple[Payment, ...]], dict[str, tuple[Allocation, ...]]],
) -> Document:
    key = row[KEYS[endpoint]]
    contact_id = record_id(tenant_id, "Contacts", row["contact"])
    dated, updated_at = day(row["date"]), instant(row["updated_at"])
    if contact_id not in records["Contacts"] or dated is None or updated_at is None:
        raise DemoDataError(f"{FILES[endpoint]}: {key} has no known contact, date or updated_at")
    document = Document(
        endpoint=endpoint,
        document_id=record_id(tenant_id, endpoint, key),
        type=row["type"],
        number=row["number"],
        contact_id=contact_id,
        date=dated,
        due_date=day(row["due_date"]),
        status=row["status"],
        currency=row["currency"],
        rate=Decimal(row["rate"]),
        updated_at=updated_at,
        reference=row["reference"],
        url=row.get("url", ""),
        sent=yes(row.get("sent", "")),
        body=Body.of(row["line_amount_types"], lines, tax_percentages(records)),
        payments=money[0].get(key, ()),
        allocations=money[1].get(key, ()),
    )
    return replace(document, stock=stock_sold(document, records))
