"""Shows a document in Xero's field names, as the single GET gives it, and reads one back.

Names and codes (account, item, contact, tracking option) are looked up when the record is shown:
a line keeps ids, and Xero shows what their bearers are called today, whether or not the document's
own change stamp moved. Nothing is stored here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import Allocation, Document, Line, Payment
from pipelines.sandbox.tables import derived_id

ID_FIELDS = {"Invoices": "InvoiceID", "CreditNotes": "CreditNoteID"}
NUMBER_FIELDS = {"Invoices": "InvoiceNumber", "CreditNotes": "CreditNoteNumber"}
NO_AMOUNT = Decimal("0.00")
# What a document shows under each kind of credit that was applied to it.
CREDIT_FIELDS = {
    "CreditNotes": "CreditNoteID",
    "Prepayments": "PrepaymentID",
    "Overpayments": "OverpaymentID",
}


@dataclass(frozen=True, slots=True)
class OptionNames:
    """What a tracking option and its category are called today."""

    category_id: str
    category: str
    option: str


class Names(Protocol):
    """Where present names come from: an organisation."""

    def account_code(self, account_id: str) -> str | None:
        """Return the account's present code; None for an account without one."""
        ...

    def item(self, item_id: str) -> Record | None:
        """Return the item, None when it has been deleted."""
        ...

    def contact_name(self, contact_id: str) -> str:
        """Return the contact's present name."""
        ...

    def option_names(self, option_id: str) -> OptionNames | None:
        """Return the present names of a tracking option, None when it has been deleted."""
        ...


def line_id(document_id: str, position: int, line: Line) -> str:
    """Return a line's LineItemID; `position` starts at 0."""
    return line.line_id or derived_id(document_id, str(position))


def payment_id(document_id: str, position: int, payment: Payment) -> str:
    """Return a payment's PaymentID; `position` starts at 0."""
    return payment.payment_id or derived_id(document_id, f"payment/{position}")


def to_record(document: Document, names: Names) -> Record:
    """Return the complete record of an invoice, bill or credit note."""
    is_invoice = document.endpoint == "Invoices"
    total, tax = document.body.total, document.body.total_tax
    record: Record = {
        "Type": document.type,
        ID_FIELDS[document.endpoint]: document.document_id,
        NUMBER_FIELDS[document.endpoint]: document.number,
        "Reference": document.reference,
        "Payments": _payments(document),
        "CurrencyRate": document.rate,
        "HasErrors": False,
        "HasAttachments": False,
        "Contact": _contact(document, names),
        "Date": document.date,
        "Status": document.status,
        "LineAmountTypes": document.line_amount_types,
        "LineItems": [
            line_record(line, line_id(document.document_id, position, line), names)
            for position, line in enumerate(document.lines)
        ],
        "SubTotal": total - tax,
        "TotalTax": tax,
        "Total": total,
        "UpdatedDateUTC": document.updated_at,
        "CurrencyCode": document.currency,
    }
    if document.due_date is not None:
        record["DueDate"] = document.due_date
    if document.status == "PAID":
        paid = [payment for payment in document.payments if payment.is_live]
        settled = [*paid, *document.allocations]
        record["FullyPaidOnDate"] = (
            max(entry.date for entry in settled) if settled else document.date
        )
    record.update(_invoice_fields(document) if is_invoice else _credit_note_fields(document))
    record.update(document.extra)
    return record


def _invoice_fields(document: Document) -> Record:
    discounts = [line for line in document.lines if line.discount_rate or line.discount_amount]
    fields: Record = {
        **{
            kind: [_applied(each, field) for each in document.allocations if each.kind == kind]
            for kind, field in CREDIT_FIELDS.items()
        },
        "AmountDue": document.due,
        "AmountPaid": document.paid,
        "AmountCredited": document.allocated,
        "IsDiscounted": bool(discounts),
        "InvoiceAddresses": [],
    }
    if discounts:
        fields["TotalDiscount"] = sum((_discount(line) for line in discounts), NO_AMOUNT)
    if document.type == "ACCREC":
        fields["SentToContact"] = document.sent
    if document.url:
        fields["Url"] = document.url
    return fields


def _discount(line: Line) -> Decimal:
    gross = (line.quantity or Decimal(1)) * (line.unit_amount or NO_AMOUNT)
    return gross.quantize(NO_AMOUNT) - line.line_amount


def _credit_note_fields(document: Document) -> Record:
    return {
        "ID": document.document_id,
        "RemainingCredit": document.due,
        "AppliedAmount": document.allocated,
        "Allocations": [
            allocation_record(document.document_id, position, allocation)
            for position, allocation in enumerate(document.allocations)
        ],
        "SentToContact": document.sent,
    }


def _payments(document: Document) -> list[Record]:
    return [
        {
            "PaymentID": payment_id(document.document_id, position, payment),
            "Date": payment.date,
            "Amount": payment.amount,
            "Reference": payment.reference,
            "CurrencyRate": payment.rate or document.rate,
            "HasAccount": False,
            "HasValidationErrors": False,
        }
        for position, payment in enumerate(document.payments)
        if payment.is_live
    ]


def _applied(allocation: Allocation, id_field: str) -> Record:
    number = {"CreditNoteNumber": allocation.partner_number}
    return {
        id_field: allocation.partner_id,
        **(number if id_field == "CreditNoteID" else {}),
        "ID": allocation.partner_id,
        "HasErrors": False,
        "AppliedAmount": allocation.amount,
        "Date": allocation.date,
        "LineItems": [],
        "Total": allocation.amount,
    }


def allocation_record(credit_id: str, position: int, allocation: Allocation) -> Record:
    """Return what a credit shows of an invoice that it was applied to."""
    return {
        "AllocationID": derived_id(credit_id, f"allocation/{position}"),
        "Amount": allocation.amount,
        "Date": allocation.date,
        "IsDeleted": False,
        "Invoice": {
            "InvoiceID": allocation.partner_id,
            "InvoiceNumber": allocation.partner_number,
            "Payments": [],
            "CreditNotes": [],
            "Prepayments": [],
            "Overpayments": [],
            "HasErrors": False,
            "IsDiscounted": False,
            "LineItems": [],
        },
    }


def _contact(document: Document, names: Names) -> Record:
    return {
        "ContactID": document.contact_id,
        "Name": names.contact_name(document.contact_id),
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def line_record(line: Line, identity: str, names: Names) -> Record:
    """Return a line in Xero's field names, its bearers called as they are today."""
    item = names.item(line.item_id) if line.item_id else None
    fields: dict[str, Any] = {
        "ItemCode": item["Code"] if item else line.item_code,
        "Description": line.description,
        "UnitAmount": line.unit_amount,
        "TaxType": line.tax_type,
        "TaxAmount": line.tax_amount,
        "LineAmount": line.line_amount,
        "AccountCode": names.account_code(line.account_id) if line.account_id else None,
        "AccountID": line.account_id,
        "Item": item
        and {field: item[field] for field in ("ItemID", "Name", "Code") if field in item},
        "Tracking": [_tracking(option, names) for option in line.options],
        "Quantity": line.quantity,
        "DiscountRate": line.discount_rate,
        "DiscountAmount": line.discount_amount,
        "LineItemID": identity,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _tracking(option_id: str, names: Names) -> Record:
    found = names.option_names(option_id)
    if found is None:
        return {"TrackingOptionID": option_id}
    return {
        "Name": found.category,
        "Option": found.option,
        "TrackingCategoryID": found.category_id,
        "TrackingOptionID": option_id,
    }
