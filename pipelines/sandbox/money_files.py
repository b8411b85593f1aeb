"""Reads what moves money besides documents: bank transactions, advances, transfers, batches.

In: the folder of one organisation and its records. Out: records in Xero's field names, by endpoint
and id, as the single GET gives them. An advance (prepayment or overpayment) and a transfer also
show as bank transactions, as in Xero. Names are those of loading; `NamedRecords` renews them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import Names, allocation_record
from pipelines.sandbox.documents import ZERO, Allocation, Body, Line, Payment, to_cents
from pipelines.sandbox.money_rows import MoneyFiles
from pipelines.sandbox.tables import (
    Row,
    day,
    decimal,
    instant,
    read_rows,
    record_id,
    yes,
)

Records = dict[str, dict[str, Record]]
RATE_OF_BASE = Decimal("1.000000")


def money_records(
    folder: Path, tenant_id: str, records: Mapping[str, Mapping[str, Record]], names: Names
) -> tuple[Records, dict[str, tuple[Payment, ...]]]:
    """Return what the files hold, and the refunds of advances by the advance's id.

    The records are those of BankTransactions, BankTransfers, Prepayments and Overpayments.
    """
    files = _Files(folder, tenant_id, records, names)
    advances = {
        "Prepayments": files.advances("prepayments.csv", "prepayment", "Prepayments"),
        "Overpayments": files.advances("overpayments.csv", "overpayment", "Overpayments"),
    }
    transfers = files.transfers()
    bank = files.bank_transactions()
    found = {
        "BankTransactions": {**bank, **files.mirrors},
        "BankTransfers": transfers,
        **advances,
    }
    return found, files.refunds


def batch_payments(folder: Path, tenant_id: str) -> dict[str, Record]:
    """Return the batches by id; the payments in them name them in `payments.csv`."""
    found = {}
    for row in read_rows(folder / "batch_payments.csv"):
        identity = record_id(tenant_id, "BatchPayments", row["batch"])
        found[identity] = {
            "BatchPaymentID": identity,
            "Account": {"AccountID": record_id(tenant_id, "Accounts", row["account"])},
            "Reference": row["reference"],
            "Date": day(row["date"]),
            "Type": row["type"],
            "Status": row["status"],
            "IsReconciled": yes(row["reconciled"]),
            "UpdatedDateUTC": instant(row["updated_at"]),
        }
    return found


class _Files(MoneyFiles):
    """Reads the records; `mirrors` grows with what advances and transfers show."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.mirrors: dict[str, Record] = {}
        self.refunds: dict[str, tuple[Payment, ...]] = {}

    def bank_transactions(self) -> dict[str, Record]:
        lines = self.lines("bank_transaction_lines.csv", "bank_transaction")
        found = {}
        for row in read_rows(self.folder / "bank_transactions.csv"):
            identity = self.id("BankTransactions", row["bank_transaction"])
            body = Body.of(
                row["line_amount_types"], lines.get(row["bank_transaction"], ()), self.rates
            )
            found[identity] = {
                "BankTransactionID": identity,
                **self.bank(row["bank_account"]),
                **self.heading(row, identity, body),
                "IsReconciled": yes(row["reconciled"]),
                "HasAttachments": False,
            }
        return found

    def advances(self, file: str, key: str, endpoint: str) -> dict[str, Record]:
        """Return prepayments (with lines of their own) or overpayments (on the control account)."""
        id_field = endpoint.removesuffix("s") + "ID"
        lines = self.lines(f"{key}_lines.csv", key)
        applied = self._allocations()
        found = {}
        for row in read_rows(self.folder / file):
            identity = self.id(endpoint, row[key])
            body = Body.of(
                row.get("line_amount_types") or "NoTax",
                lines.get(row[key]) or [self._on_control_account(row)],
                self.rates,
            )
            allocations = [
                {
                    **allocation_record(identity, position, allocation),
                    "IsDeleted": is_deleted,
                }
                for position, (allocation, is_deleted) in enumerate(applied.get(row[key], ()))
            ]
            heading = self.heading(row, identity, body)
            used = sum((one["Amount"] for one in allocations if not one["IsDeleted"]), ZERO)
            refunds = self.refunds[identity] = self.payments.get(row[key], ())
            refunded = sum((one.amount for one in refunds if one.is_live), ZERO)
            remaining = body.total - used - refunded
            found[identity] = {
                id_field: identity,
                "ID": identity,
                **heading,
                "RemainingCredit": ZERO if row["status"] == "VOIDED" else remaining,
                "AppliedAmount": used,
                "Allocations": allocations,
                "HasAttachments": False,
            }
            if number := row.get("number"):
                found[identity]["InvoiceNumber"] = number
            mirror_id = self.id("BankTransactions", endpoint, row[key])
            self.mirrors[mirror_id] = {
                "BankTransactionID": mirror_id,
                id_field: identity,
                **self.bank(row["bank_account"]),
                **heading,
                # A bank transaction is not PAID: the money moved.
                "Status": "AUTHORISED" if row["status"] == "PAID" else row["status"],
                "IsReconciled": True,
                "HasAttachments": False,
            }
        return found

    def transfers(self) -> dict[str, Record]:
        """Return transfers. The amount is in the currency of the account it comes from."""
        found = {}
        for row in read_rows(self.folder / "bank_transfers.csv"):
            identity = self.id("BankTransfers", row["transfer"])
            amount, rate = Decimal(row["amount"]), Decimal(row["rate"])
            sides = {}
            for side, account, kind in (
                ("From", row["from_account"], "SPEND-TRANSFER"),
                ("To", row["to_account"], "RECEIVE-TRANSFER"),
            ):
                bank = self.bank(account)
                mirror = self._mirror(row, bank, kind, side, amount, rate)
                self.mirrors[mirror["BankTransactionID"]] = mirror
                sides[f"{side}BankAccount"] = {
                    field: bank["BankAccount"][field] for field in ("AccountID", "Name")
                }
                sides[f"{side}BankTransactionID"] = mirror["BankTransactionID"]
                sides[f"{side}IsReconciled"] = row["status"] == "AUTHORISED"
                sides[f"{side}Tracking"] = []
            found[identity] = {
                "BankTransferID": identity,
                "CreatedDateUTC": instant(row["created_at"]),
                "Date": day(row["date"]),
                "Status": row["status"],
                "Amount": amount,
                "CurrencyRate": rate,
                "Reference": row["reference"],
                "HasAttachments": False,
                **sides,
            }
        return found

    def _mirror(
        self, row: Row, bank: Record, kind: str, side: str, amount: Decimal, rate: Decimal
    ) -> Record:
        currency = self.currency(row[f"{side.lower()}_account"])
        source = self.currency(row["from_account"])
        if side == "To" and source != currency:
            amount = to_cents(amount * rate if source == self.base else amount / rate)
        identity = self.id("BankTransactions", "BankTransfers", row["transfer"], side)
        return {
            "BankTransactionID": identity,
            **bank,
            "Type": kind,
            "Reference": row["reference"],
            "Date": day(row["date"]),
            "Status": row["status"],
            "LineAmountTypes": "NoTax",
            "LineItems": [],
            "SubTotal": amount,
            "TotalTax": ZERO,
            "Total": amount,
            "UpdatedDateUTC": instant(row["created_at"]),
            "CurrencyCode": currency,
            "CurrencyRate": RATE_OF_BASE if currency == self.base else rate,
            "IsReconciled": row["status"] == "AUTHORISED",
            "HasAttachments": False,
        }

    def _on_control_account(self, row: Row) -> Line:
        wanted = "DEBTORS" if row["type"].startswith("RECEIVE") else "CREDITORS"
        account_id = next(
            identity
            for identity, account in self.records["Accounts"].items()
            if account.get("SystemAccount") == wanted
        )
        return Line("Overpayment", Decimal(1), decimal(row["amount"]), account_id=account_id)

    def _allocations(self) -> dict[str, list[tuple[Allocation, bool]]]:
        found: dict[str, list[tuple[Allocation, bool]]] = defaultdict(list)
        for row in read_rows(self.folder / "advance_allocations.csv"):
            dated, key = day(row["date"]), row["invoice"]
            assert dated is not None, row
            allocation = Allocation(
                self.id("Invoices", key), self.numbers[key], dated, Decimal(row["amount"])
            )
            found[row["advance"]].append((allocation, yes(row["deleted"])))
        return found
