"""Reads a record in Xero's field names back into a document, as Xero does with what is entered.

Amounts are worked out anew from quantity, unit amount, discount and tax type; a line's AccountCode
that differs from its AccountID's wins, as when somebody recodes the line. What a document cannot
hold (an unknown field, null where a list belongs) is kept as `extra` and shown as given, so that
tests can hand out records that Xero never would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import (
    ID_FIELDS,
    NUMBER_FIELDS,
    Names,
    line_id,
    payment_id,
    to_record,
)
from pipelines.sandbox.documents import Body, Document, Line, Payment

DERIVED = frozenset(
    [
        *("LineItems", "SubTotal", "TotalTax", "Total", "TotalDiscount", "IsDiscounted"),
        *("AmountDue", "AmountPaid", "AmountCredited", "FullyPaidOnDate", "Payments"),
        *("RemainingCredit", "AppliedAmount", "Allocations", "CreditNotes", "Contact"),
    ]
)


class Entry(Names, Protocol):
    """What the reading needs of an organisation besides present names."""

    @property
    def base_currency(self) -> str:
        """The currency of a record that names none."""
        ...

    @property
    def tax_percentages(self) -> Mapping[str, Decimal]:
        """Effective rates in percent, by tax type."""
        ...

    def account_id(self, code: str) -> str | None:
        """Return the account that bears a code now, the active one first."""
        ...

    def item_id(self, code: str) -> str | None:
        """Return the item that bears a code now."""
        ...


def from_record(endpoint: str, record: Record, entry: Entry, previous: Document | None) -> Document:
    """Return the document that a record describes; `previous` is what it was before a change."""
    identity = record[ID_FIELDS[endpoint]]
    basis = record.get("LineAmountTypes") or "Exclusive"
    rates = entry.tax_percentages
    document = Document(
        endpoint=endpoint,
        document_id=identity,
        type=record["Type"],
        number=record.get(NUMBER_FIELDS[endpoint], ""),
        contact_id=record["Contact"]["ContactID"],
        date=_date(record.get("Date")) or date.min,
        due_date=_date(record.get("DueDate")),
        status=str(record.get("Status", "DRAFT")),
        currency=record.get("CurrencyCode") or entry.base_currency,
        rate=record.get("CurrencyRate") or Decimal("1.000000"),
        updated_at=record.get("UpdatedDateUTC") or datetime(1970, 1, 1, tzinfo=UTC),
        reference=record.get("Reference") or "",
        url=record.get("Url") or "",
        sent=record.get("SentToContact") or False,
        body=Body.of(basis, _lines(record.get("LineItems"), identity, entry, previous), rates),
        payments=_payments(record.get("Payments"), previous),
        allocations=previous.allocations if previous else (),
        stock=previous.stock if previous else (),
    )
    return _with_extra(document, record, entry)


def _with_extra(document: Document, record: Record, entry: Entry) -> Document:
    """Keep as `extra` each given field that the document would show otherwise."""
    shown = to_record(document, entry)
    extra = {field: value for field, value in record.items() if _is_odd(field, value, shown)}
    return replace(document, extra=extra)


def _is_odd(field: str, value: Any, shown: Record) -> bool:
    if value is None or (field == "LineItems" and not isinstance(value, list)):
        return True
    return field not in DERIVED and (field not in shown or shown[field] != value)


def _date(value: Any) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _payments(records: Any, previous: Document | None) -> tuple[Payment, ...]:
    """Keep what the record does not show of the payments it names, and the deleted ones."""
    held = previous.payments if previous else ()
    named = {
        payment_id(previous.document_id, position, payment): payment
        for position, payment in enumerate(held)
        if previous
    }
    shown = [record.get("PaymentID") for record in records or []]
    if shown == [identity for identity, payment in named.items() if payment.is_live]:
        return held
    kept = [
        replace(payment, payment_id=identity)
        for identity, payment in named.items()
        if identity in shown or not payment.is_live
    ]
    return (
        *kept,
        *(
            Payment(
                _date(record["Date"]) or date.min, Decimal(record["Amount"]), record["Reference"]
            )
            for record in records or []
            if record.get("PaymentID") not in named
        ),
    )


def _lines(
    records: Any, document_id: str, entry: Entry, previous: Document | None
) -> tuple[Line, ...]:
    if not isinstance(records, list):
        return previous.lines if previous else ()
    derived = {line_id(document_id, position, Line()): position for position in range(len(records))}
    former = {
        line_id(document_id, position, line): line
        for position, line in enumerate(previous.lines if previous else ())
    }
    lines = []
    for position, record in enumerate(records):
        identity = record.get("LineItemID")
        kept = None if derived.get(identity) == position else identity
        lines.append(_line(record, kept, entry, former.get(identity)))
    return tuple(lines)


def _line(record: Record, identity: str | None, entry: Entry, former: Line | None) -> Line:
    item_code = record.get("ItemCode")
    line_amount = _decimal(record.get("LineAmount")) or Decimal("0.00")
    tax_amount = _decimal(record.get("TaxAmount")) or Decimal("0.00")
    return Line(
        description=record.get("Description"),
        quantity=_decimal(record.get("Quantity")),
        unit_amount=_decimal(record.get("UnitAmount")),
        line_amount=line_amount,
        tax_amount=tax_amount,
        tax_type=record.get("TaxType"),
        account_id=_account(record, entry),
        item_id=entry.item_id(item_code) if item_code else None,
        item_code=item_code,
        discount_rate=_decimal(record.get("DiscountRate")),
        discount_amount=_decimal(record.get("DiscountAmount")),
        options=tuple(option["TrackingOptionID"] for option in record.get("Tracking") or []),
        line_id=identity,
        amount_is_stated=bool(former)
        and former.amount_is_stated
        and former.line_amount == line_amount,
        tax_is_stated=bool(former) and former.tax_is_stated and former.tax_amount == tax_amount,
    )


def _account(record: Record, entry: Entry) -> str | None:
    held, code = record.get("AccountID"), record.get("AccountCode")
    if code is None or (held and entry.account_code(held) == code):
        return held
    return entry.account_id(code)
