"""Reads purchase orders, quotes, repeating invoices, linked transactions: none is in the books."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import Names
from pipelines.sandbox.documents import Body
from pipelines.sandbox.money_rows import MoneyFiles
from pipelines.sandbox.tables import Row, day, derived_id, instant, read_rows, yes


def order_records(
    folder: Path, tenant_id: str, records: Mapping[str, Mapping[str, Record]], names: Names
) -> dict[str, dict[str, Record]]:
    """Return {endpoint: {id: record}} of what the files hold."""
    files = MoneyFiles(folder, tenant_id, records, names)
    return {
        "PurchaseOrders": _read(files, "purchase_order", "PurchaseOrders", _purchase_order),
        "Quotes": _read(files, "quote", "Quotes", _quote),
        "RepeatingInvoices": _read(files, "repeating_invoice", "RepeatingInvoices", _repeating),
        "LinkedTransactions": _linked(files),
    }


def _read(files: MoneyFiles, key: str, endpoint: str, fields_of) -> dict[str, Record]:
    lines, found = files.lines(f"{key}_lines.csv", key), {}
    for row in read_rows(files.folder / f"{key}s.csv"):
        identity = files.id(endpoint, row[key])
        body = Body.of(row["line_amount_types"], lines.get(row[key], ()), files.rates)
        record = {
            f"{endpoint.removesuffix('s')}ID": identity,
            **files.heading(row, identity, body),
            **fields_of(row, identity),
        }
        found[identity] = {name: value for name, value in record.items() if value is not None}
    return found


def _purchase_order(row: Row, _: str) -> Record:
    return {
        "PurchaseOrderNumber": row["number"],
        "DeliveryDate": day(row["delivery_date"]),
        "SentToContact": yes(row["sent"]),
        "IsDiscounted": False,
        "HasAttachments": False,
    }


def _quote(row: Row, _: str) -> Record:
    return {
        "QuoteNumber": row["number"],
        "ExpiryDate": day(row["expiry_date"]),
        "Title": row["title"],
        "Summary": row["summary"],
        "LineAmountTypes": row["line_amount_types"].upper(),  # as nowhere else
    }


def _repeating(row: Row, identity: str) -> Record:
    schedule = {
        "Period": int(row["period"]),
        "Unit": row["unit"],
        "DueDate": int(row["due_date"]),
        "DueDateType": row["due_date_type"],
        "StartDate": day(row["start_date"]),
        "NextScheduledDate": day(row["next_date"]),
        "EndDate": day(row["end_date"]),
    }
    return {
        "ID": identity,
        "Schedule": {name: value for name, value in schedule.items() if value is not None},
        "HasAttachments": False,
    }


def _linked(files: MoneyFiles) -> dict[str, Record]:
    found = {}
    for row in read_rows(files.folder / "linked_transactions.csv"):
        identity = files.id("LinkedTransactions", row["linked_transaction"])
        source = files.id("Invoices", row["source_bill"])
        record: Record = {
            "LinkedTransactionID": identity,
            "SourceTransactionID": source,
            "SourceLineItemID": derived_id(source, str(int(row["source_line"]) - 1)),
            "ContactID": files.id("Contacts", row["contact"]),
            "Status": row["status"],
            "Type": "BILLABLEEXPENSE",
            "SourceTransactionTypeCode": "ACCPAY",
            "UpdatedDateUTC": instant(row["updated_at"]),
        }
        if row["target_invoice"]:
            target = files.id("Invoices", row["target_invoice"])
            record["TargetTransactionID"] = target
            record["TargetLineItemID"] = derived_id(target, str(int(row["target_line"]) - 1))
        found[identity] = record
    return found
