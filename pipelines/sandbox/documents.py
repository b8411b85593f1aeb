"""Invoices, bills and credit notes as the sandbox keeps them: what was entered, and the amounts.

Amounts follow Xero: a line's amount and tax are rounded to 2 decimals, half away from zero, and
totals are sums of rounded lines. A document is small and immutable, so that a hundred thousand fit
in memory; `document_records` shows it in Xero's field names, `books` posts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)
POSTED = frozenset({"AUTHORISED", "PAID"})
GONE = frozenset({"VOIDED", "DELETED"})
SALES = frozenset({"ACCREC", "ACCRECCREDIT"})
CREDITS = frozenset({"ACCRECCREDIT", "ACCPAYCREDIT"})
TaxRates = Mapping[str, Decimal]


def to_cents(amount: Decimal) -> Decimal:
    """Round to 2 decimals, half away from zero, as Xero does."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ids only, because names and codes are those of the day it is read.

    `line_amount` is in the document's currency and holds the tax when the document is Inclusive.
    `line_id` None means that the id follows from the document's id and the line's position.
    `amount_is_stated` and `tax_is_stated`: given with the line, and kept instead of worked out.
    """

    description: str | None = None
    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    line_amount: Decimal = ZERO
    tax_amount: Decimal = ZERO
    tax_type: str | None = None
    account_id: str | None = None
    item_id: str | None = None
    item_code: str | None = None
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    options: tuple[str, ...] = ()
    line_id: str | None = None
    amount_is_stated: bool = False
    tax_is_stated: bool = False


@dataclass(frozen=True, slots=True)
class StockMove:
    """Tracked inventory that one line moved (`position` from 0): negative out, positive in.

    `cost` is in base currency, with the sign of the quantity; `asset_id` and `expense_id` are the
    item's inventory account and its account for the cost of sales.
    """

    item_id: str
    position: int
    quantity: Decimal
    cost: Decimal
    asset_id: str
    expense_id: str


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received or paid on one document, in the document's currency.

    `account_id` None is the organisation's first bank account, `rate` None the document's rate,
    `bank_amount` None the amount in the bank account's currency at that rate; `updated_at` None and
    `payment_id` None follow from the date and from the document's id and the payment's position.
    """

    date: date
    amount: Decimal
    reference: str = ""
    account_id: str | None = None
    rate: Decimal | None = None
    bank_amount: Decimal | None = None
    status: str = "AUTHORISED"
    batch_id: str | None = None
    updated_at: datetime | None = None
    payment_id: str | None = None

    @property
    def is_live(self) -> bool:
        """Whether it counts; a deleted payment stays in the list of payments."""
        return self.status == "AUTHORISED"


@dataclass(frozen=True, slots=True)
class Allocation:
    """A credit applied to an invoice, seen from either of them (`partner_id` is the other).

    `kind` is the endpoint of the credit: CreditNotes, Prepayments or Overpayments.
    """

    partner_id: str
    partner_number: str
    date: date
    amount: Decimal
    kind: str = "CreditNotes"


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a document with their totals; copies of a document share one.

    `total` is what the contact owes: lines, and their tax where the lines do not hold it.
    """

    line_amount_types: str
    lines: tuple[Line, ...]
    total: Decimal
    total_tax: Decimal

    @classmethod
    def of(cls, line_amount_types: str, lines: Iterable[Line], tax_rates: TaxRates) -> Body:
        """Work out the amounts of the lines, and their totals."""
        priced_lines = tuple(priced(line, line_amount_types, tax_rates) for line in lines)
        amount = sum((line.line_amount for line in priced_lines), ZERO)
        tax = sum((line.tax_amount for line in priced_lines), ZERO)
        total = amount if line_amount_types == "Inclusive" else amount + tax
        return cls(line_amount_types, priced_lines, total, tax)

    def net(self, line: Line) -> Decimal:
        """Return a line's amount without tax, after discount."""
        if self.line_amount_types == "Inclusive":
            return line.line_amount - line.tax_amount
        return line.line_amount


@dataclass(frozen=True, slots=True)
class Document:
    """One invoice, bill or credit note. `extra` holds fields shown as given, whatever they are.

    `stock` is what its posting moved since the demo files were loaded; they hold none.
    """

    endpoint: str
    document_id: str
    type: str
    number: str
    contact_id: str
    date: date
    status: str
    currency: str
    rate: Decimal
    updated_at: datetime
    body: Body
    due_date: date | None = None
    reference: str = ""
    url: str = ""
    sent: bool = False
    payments: tuple[Payment, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    stock: tuple[StockMove, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines, in order."""
        return self.body.lines

    @property
    def line_amount_types(self) -> str:
        """Exclusive, Inclusive or NoTax."""
        return self.body.line_amount_types

    @property
    def is_posted(self) -> bool:
        """Whether it is in the books."""
        return self.status in POSTED

    @property
    def paid(self) -> Decimal:
        """The sum of the payments that were not deleted."""
        return sum((payment.amount for payment in self.payments if payment.is_live), ZERO)

    @property
    def allocated(self) -> Decimal:
        """The sum of credit applied."""
        return sum((allocation.amount for allocation in self.allocations), ZERO)

    @property
    def due(self) -> Decimal:
        """What is still owed (or still to be credited); nothing on a voided or deleted document."""
        return ZERO if self.status in GONE else self.body.total - self.paid - self.allocated


def priced(line: Line, line_amount_types: str, tax_rates: TaxRates) -> Line:
    """Return the line with its amount and tax worked out from what was entered.

    A line without quantity and unit amount keeps its line amount, and so does a stated amount or
    tax. `tax_rates` gives the effective rate in percent by tax type; an unknown or absent type
    bears no tax.
    """
    amount = line.line_amount
    if line.unit_amount is not None and not line.amount_is_stated:
        gross = line.unit_amount * (Decimal(1) if line.quantity is None else line.quantity)
        gross -= gross * (line.discount_rate or ZERO) / HUNDRED + (line.discount_amount or ZERO)
        amount = to_cents(gross)
    rate = tax_rates.get(line.tax_type or "", ZERO)
    if line.tax_is_stated and line_amount_types != "NoTax":
        tax = line.tax_amount
    elif line_amount_types == "Exclusive":
        tax = to_cents(amount * rate / HUNDRED)
    elif line_amount_types == "Inclusive":
        tax = to_cents(amount * rate / (HUNDRED + rate))
    else:
        tax = ZERO
    return replace(line, line_amount=amount, tax_amount=tax)
