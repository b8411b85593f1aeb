"""The shapes of the double-entry books: a posting, a side of an entry, an entry's heading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pipelines.sandbox.documents import ZERO, Line, to_cents


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry. `amount_base` is in base currency, debit positive.

    `line_id` is None on the receivable or payable, on rounding, on the cost of inventory and on
    whatever is no document; `tracking` is {TrackingCategoryID: TrackingOptionID}.
    """

    document_type: str
    document_id: str
    line_id: str | None
    date: date
    account_id: str
    amount_base: Decimal
    contact_id: str
    tracking: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Side:
    """A posting before its entry's own facts; `position` is the line's, from 0.

    `currency` and `currency_amount` stand on what is held or owed in a foreign currency, which is
    revalued at each report's date.
    """

    position: int | None
    account_id: str
    amount_base: Decimal
    tracking: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    currency_amount: Decimal = ZERO


Sides = list[Side]


@dataclass(frozen=True, slots=True)
class Journal:
    """The heading of an entry that is no document.

    `settles` is what a payment or an allocation reduces: its type and its id.
    """

    document_id: str
    date: date
    type: str = "MANUALJOURNAL"
    contact_id: str = ""
    lines: tuple[Line, ...] = ()
    settles: tuple[str, str] = ("", "")


def to_base(amount: Decimal, rate: Decimal) -> Decimal:
    """Convert to base currency: Xero's CurrencyRate is foreign units per base unit."""
    return to_cents(amount / rate)


def total(sides: Sides) -> Decimal:
    """Return what is missing to zero, with the other sign."""
    return sum((side.amount_base for side in sides), ZERO)
