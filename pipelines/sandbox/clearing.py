"""How much of a receivable or payable, in base currency, each of its settlements clears.

At the document's own rate, rounded to cents; the settlement that brings the foreign balance to zero
clears all that is left of the base balance, so that nothing remains of a settled document.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipelines.sandbox.document_records import payment_id
from pipelines.sandbox.documents import ZERO, Document
from pipelines.sandbox.postings import to_base


@dataclass(frozen=True, slots=True)
class Settlement:
    """What reduces a balance; `key` names it, `amount` is in the document's currency."""

    key: Hashable
    date: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Cleared:
    """What one settlement of `amount` clears; `share` is its part, None if it takes the rest."""

    amount: Decimal
    base: Decimal
    share: Decimal | None


def cleared(
    total: Decimal, rate: Decimal, settlements: Iterable[Settlement]
) -> dict[Hashable, Cleared]:
    """Return what each settlement clears, by its key; in order of date, then key."""
    left, left_base = total, to_base(total, rate)
    found: dict[Hashable, Cleared] = {}
    for one in sorted(settlements, key=lambda each: (each.date, str(each.key))):
        left -= one.amount
        base = left_base if left == ZERO else to_base(one.amount, rate)
        left_base -= base
        found[one.key] = Cleared(one.amount, base, None if left == ZERO else one.amount / total)
    return found


def allocation_key(credit_id: str, invoice_id: str, applied_on: date, amount: Decimal) -> Hashable:
    """Name an allocation the same from either of its ends."""
    return ("allocation", credit_id, invoice_id, applied_on, amount)


def of_document(document: Document) -> dict[Hashable, Cleared]:
    """Return what payments (by PaymentID) and allocations (by `allocation_key`) clear."""
    is_invoice = document.endpoint == "Invoices"
    settlements = [
        Settlement(payment_id(document.document_id, position, one), one.date, one.amount)
        for position, one in enumerate(document.payments)
        if one.is_live
    ]
    for one in document.allocations:
        credit, invoice = one.partner_id, document.document_id
        if not is_invoice:
            credit, invoice = invoice, credit
        key = allocation_key(credit, invoice, one.date, one.amount)
        settlements.append(Settlement(key, one.date, one.amount))
    return cleared(document.body.total, document.rate, settlements)
