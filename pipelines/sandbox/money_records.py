"""Payments and batches as records.

Payments are kept with the document or advance they settle, and become records when they are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import Names, payment_id
from pipelines.sandbox.documents import ZERO, Document, Payment, to_cents

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

PAYMENT_TYPES = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
    "RECEIVE-PREPAYMENT": "ARPREPAYMENTPAYMENT",
    "SPEND-PREPAYMENT": "APPREPAYMENTPAYMENT",
    "RECEIVE-OVERPAYMENT": "AROVERPAYMENTPAYMENT",
    "SPEND-OVERPAYMENT": "APOVERPAYMENTPAYMENT",
}
_NO_LISTS: Record = {
    **{name: [] for name in ("Payments", "CreditNotes", "Prepayments", "Overpayments")},
    "HasErrors": False,
    "IsDiscounted": False,
    "LineItems": [],
}


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment and what it settles: an endpoint, its record's id, and the payment's position."""

    endpoint: str
    settled_id: str
    position: int
    payment: Payment
    payment_id: str
    updated_at: datetime


class PaymentRecords(Mapping[str, Record]):
    """The payments of an organisation as records of the Payments endpoint."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._cached: tuple[int, dict[str, Settled]] = (-1, {})

    @property
    def settled(self) -> dict[str, Settled]:
        """Every payment by its PaymentID."""
        version = self._organisation.version
        if self._cached[0] != version:
            self._cached = (version, {one.payment_id: one for one in self._all()})
        return self._cached[1]

    def stamps(self) -> Iterator[tuple[datetime, str]]:
        """Yield (change stamp, PaymentID)."""
        return ((one.updated_at, identity) for identity, one in self.settled.items())

    def __getitem__(self, identity: str) -> Record:
        return payment_record(self.settled[identity], self._organisation)

    def __contains__(self, identity: object) -> bool:
        return identity in self.settled

    def __iter__(self) -> Iterator[str]:
        return iter(self.settled)

    def __len__(self) -> int:
        return len(self.settled)

    def _all(self) -> Iterator[Settled]:
        for endpoint, documents in self._organisation.documents.items():
            for document in documents.values():
                yield from _settled(endpoint, document.document_id, document.payments)
        for endpoint in ("Prepayments", "Overpayments"):
            for identity in self._organisation.records[endpoint]:
                yield from _settled(
                    endpoint, identity, self._organisation.refunds.get(identity, ())
                )


def _settled(endpoint: str, identity: str, payments: tuple[Payment, ...]) -> Iterator[Settled]:
    for position, payment in enumerate(payments):
        key = payment_id(identity, position, payment)
        stamp = payment.updated_at or _entered_at(payment, key)
        yield Settled(endpoint, identity, position, payment, key, stamp)


def _entered_at(payment: Payment, identity: str) -> datetime:
    """Return an instant of the payment's day that follows from its id."""
    spread = timedelta(milliseconds=int(identity[:6], 16))  # up to 4.7 hours
    return datetime.combine(payment.date, time(19), UTC) + spread


def payment_record(settled: Settled, organisation: Organisation) -> Record:
    """Return a payment in Xero's field names, as the single GET gives it."""
    payment = settled.payment
    field, reference, kind, rate = _reference(settled, organisation)
    account_id = organisation.payment_account(payment)
    rate = payment.rate or rate
    code = organisation.account_code(account_id)
    record: Record = {
        "PaymentID": settled.payment_id,
        "Date": payment.date,
        "BankAmount": bank_amount(payment, rate, organisation),
        "Amount": payment.amount,
        "Reference": payment.reference,
        "CurrencyRate": rate,
        "PaymentType": PAYMENT_TYPES[kind],
        "Status": payment.status,
        "UpdatedDateUTC": settled.updated_at,
        "HasAccount": True,
        "IsReconciled": payment.is_live,
        "Account": {"AccountID": account_id, **({"Code": code} if code else {})},
        field: reference,
        "HasValidationErrors": False,
    }
    batch = organisation.batch(payment.batch_id)
    if batch is not None:
        record["BatchPaymentID"] = batch["BatchPaymentID"]
        record["BatchPayment"] = {
            name: batch[name]
            for name in ("Account", "BatchPaymentID", "Date", "Type", "Status", "UpdatedDateUTC")
        }
    return record


def bank_amount(payment: Payment, rate: Decimal, organisation: Organisation) -> Decimal:
    """Return what reached or left the bank account, in that account's currency."""
    if payment.bank_amount is not None:
        return payment.bank_amount
    in_base = organisation.bank_currency(organisation.payment_account(payment)) is None
    return to_cents(payment.amount / rate) if in_base else payment.amount


def _reference(settled: Settled, organisation: Organisation) -> tuple[str, Record, str, Decimal]:
    """Return under which field a payment shows what, and that thing's type and rate."""
    if settled.endpoint in organisation.documents:
        document: Document = organisation.documents[settled.endpoint][settled.settled_id]
        shown = {
            "Type": document.type,
            "InvoiceID": document.document_id,
            "InvoiceNumber": document.number,
            **_NO_LISTS,
            "Contact": _contact(document.contact_id, organisation),
            "CurrencyCode": document.currency,
        }
        # Credit notes too stand under Invoice, as in the official example.
        return "Invoice", shown, document.type, document.rate
    record = organisation.records[settled.endpoint][settled.settled_id]
    field = settled.endpoint.removesuffix("s")
    shown = {
        f"{field}ID": settled.settled_id,
        "Contact": _contact(record["Contact"]["ContactID"], organisation),
        "CurrencyCode": record["CurrencyCode"],
    }
    return field, shown, record["Type"], record["CurrencyRate"]


def _contact(identity: str, names: Names) -> Record:
    return {"ContactID": identity, "Name": names.contact_name(identity)}


class BatchRecords(Mapping[str, Record]):
    """Batches with the payments in them, and their total."""

    def __init__(self, held: Mapping[str, Record], payments: PaymentRecords) -> None:
        self._held, self._payments = held, payments

    def __getitem__(self, identity: str) -> Record:
        inside = [
            self._payments[one.payment_id]
            for one in self._payments.settled.values()
            if one.payment.batch_id == identity
        ]
        live = [one for one in inside if one["Status"] == "AUTHORISED"]
        shown = [
            {name: one[name] for name in ("PaymentID", "Amount", "BankAmount", "Invoice")}
            for one in inside
        ]
        total = sum((one["BankAmount"] for one in live), ZERO)
        return {**self._held[identity], "Payments": shown, "TotalAmount": total}

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)
