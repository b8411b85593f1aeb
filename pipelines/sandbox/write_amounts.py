"""What a line is worth: quantity, unit amount, discount and stated amounts, as Xero reads them.

If quantity or unit amount is missing, it follows from the line amount; if all are there they have
to agree. Without `unitdp=4` unit amounts are rounded to 2 decimals before anything is worked out.
A stated TaxAmount is kept, a missing one is worked out (`documents.priced`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipelines.sandbox.documents import HUNDRED, ZERO, Line, to_cents
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, WriteCall

_PLACES = {2: Decimal("0.01"), 4: Decimal("0.0001")}
_QUANTITY = Decimal("0.0001")
_FIELDS = ("Quantity", "UnitAmount", "LineAmount", "DiscountRate", "DiscountAmount")


@dataclass(frozen=True)
class Amounts:
    """The amounts of a line as it is kept; a line that is only a description has none."""

    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    line_amount: Decimal = ZERO
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    is_stated: bool = False

    @property
    def is_description(self) -> bool:
        """Whether the line bears no amount at all."""
        return self.unit_amount is None and not self.is_stated

    def fields(self) -> dict[str, Any]:
        """Return them by their names in a `Line`."""
        return {
            "quantity": self.quantity,
            "unit_amount": self.unit_amount,
            "line_amount": self.line_amount,
            "discount_rate": self.discount_rate,
            "discount_amount": self.discount_amount,
            "amount_is_stated": self.is_stated,
        }


def read_amounts(
    given: Given, former: Line | None, price: Decimal | None, call: WriteCall, found: Findings
) -> Amounts:
    """Return the amounts of a line; `former` is the line it updates, `price` its item's."""
    sent = {name: given.number(name) for name in _FIELDS}
    if former is not None and all(value is None for value in sent.values()):
        return _kept(former)
    quantity, unit, amount = sent["Quantity"], sent["UnitAmount"], sent["LineAmount"]
    rate, discount = sent["DiscountRate"] or None, sent["DiscountAmount"] or None
    if former is not None:
        quantity = former.quantity if quantity is None else quantity
        if unit is None and amount is None:
            unit = former.unit_amount
        rate = rate if given.has("DiscountRate") else former.discount_rate
        discount = discount if given.has("DiscountAmount") else former.discount_amount
    if quantity is not None and quantity < 0:
        found.refuse(
            f"The quantity value '{quantity:.4f}' is invalid. Quantity must not be less than zero."
        )
    if unit is None and amount is None:
        unit = price
    if unit is None and amount is None:
        return Amounts(quantity)
    if unit is not None:
        unit = unit.quantize(_PLACES[call.unit_places], ROUND_HALF_UP)
    if amount is not None:
        amount = to_cents(amount)
    if quantity is not None:
        quantity = quantity.quantize(_QUANTITY, ROUND_HALF_UP)
    return _completed(Amounts(quantity, unit, amount or ZERO, rate, discount), amount, found)


def _kept(former: Line) -> Amounts:
    return Amounts(
        former.quantity,
        former.unit_amount,
        former.line_amount,
        former.discount_rate,
        former.discount_amount,
        former.amount_is_stated,
    )


def _completed(amounts: Amounts, stated: Decimal | None, found: Findings) -> Amounts:
    """Fill in what is missing, and hold a stated line amount against the rest."""
    quantity, unit = amounts.quantity, amounts.unit_amount
    rate, discount = amounts.discount_rate, amounts.discount_amount
    if unit is None:
        quantity = Decimal(1) if quantity is None else quantity
        whole = (amounts.line_amount + (discount or ZERO)) / (1 - (rate or ZERO) / HUNDRED or 1)
        unit = (whole / quantity).quantize(_QUANTITY, ROUND_HALF_UP) if quantity else whole
        return Amounts(quantity, unit, amounts.line_amount, rate, discount, is_stated=True)
    if quantity is None:
        is_divisible = stated is not None and unit != 0
        quantity = (amounts.line_amount / unit).quantize(_QUANTITY) if is_divisible else Decimal(1)
        is_stated = stated is not None
        return Amounts(quantity, unit, amounts.line_amount, rate, discount, is_stated=is_stated)
    gross = quantity * unit
    expected = to_cents(gross - gross * (rate or ZERO) / HUNDRED - (discount or ZERO))
    if stated is not None and stated != expected:
        found.refuse(f"The line total {stated} does not match the expected line total {expected}")
    return Amounts(quantity, unit, expected, rate, discount)
