"""The properties that Prospect computes: money kept as whole numbers with a count of decimals.

How Prospect itself rounds is not documented: here each line's net and tax are rounded to pence,
half away from zero, and totals are sums of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Values = Mapping[str, Any]
PENNY = Decimal("0.01")
NOUGHT = Decimal(0)


def scaled(number: int | None, decimals: int | None) -> Decimal | None:
    """Return 12345 with 2 decimals as 123.45."""
    return None if number is None else Decimal(number).scaleb(-(decimals or 0))


def rounded(amount: Decimal) -> Decimal:
    """Return an amount in pence, halves away from zero."""
    return amount.quantize(PENNY, ROUND_HALF_UP)


def product_values(product: Values) -> dict[str, Any]:
    """Return the computed properties of a ProductItem."""
    return {
        "DecimalSellingPrice": scaled(product["SellingPrice"], product["SellDecimals"]),
        "DecimalCostPrice": scaled(product["CostPrice"], product["CostDecimals"]),
    }


def line_values(line: Values) -> dict[str, Any]:
    """Return the computed properties of a QuoteLine."""
    quantity = scaled(line["Quantity"], line["QuantityDecimals"]) or NOUGHT
    price = scaled(line["Price"], line["SellDecimals"]) or NOUGHT
    foreign_price = scaled(line["ForeignCurrencyPrice"], line["ForeignSellDecimals"])
    share = 1 - (line["DecimalDiscountPercentage"] or NOUGHT) / 100
    rate = (line["VatPercentage"] or NOUGHT) / 100
    net = rounded(quantity * price * share)
    tax = rounded(net * rate)
    foreign_net = None if foreign_price is None else rounded(quantity * foreign_price * share)
    return {
        "DecimalQuantity": quantity,
        "DecimalPrice": price,
        "DecimalForeignPrice": foreign_price,
        "DecimalNetValue": net,
        "DecimalForeignNetValue": foreign_net,
        "DecimalTaxValue": tax,
        "DecimalGrossValue": net + tax,
        "_ForeignTax": None if foreign_net is None else rounded(foreign_net * rate),
    }


def quote_values(quote: Values, lines: Iterable[Values]) -> dict[str, Any]:
    """Return the computed properties of a Quote from its live lines and its delivery charge."""
    lines = list(lines)
    values = _totals(
        "Home",
        (line["DecimalNetValue"] for line in lines),
        (line["DecimalTaxValue"] for line in lines),
        delivery=quote["DeliveryChargeBaseValue"],
        delivery_rate=quote["DeliveryChargeTaxRate"],
        discount=quote["DecimalBaseDiscountValue"],
    )
    if quote["CurrencyCode"]:
        values |= _totals(
            "Foreign",
            (line["DecimalForeignNetValue"] or NOUGHT for line in lines),
            (line["_ForeignTax"] or NOUGHT for line in lines),
            delivery=quote["DeliveryChargeValue"],
            delivery_rate=quote["DeliveryChargeTaxRate"],
            discount=quote["DecimalForeignDiscountValue"],
        )
    return values


def _totals(
    currency: str,
    nets: Iterable[Decimal],
    taxes: Iterable[Decimal],
    *,
    delivery: Decimal | None,
    delivery_rate: Decimal | None,
    discount: Decimal | None,
) -> dict[str, Any]:
    charge, off = delivery or NOUGHT, discount or NOUGHT
    lines_net, lines_tax = sum(nets, NOUGHT), sum(taxes, NOUGHT)
    # A discount on the whole takes its share of the tax off with it.
    tax_off = rounded(off * lines_tax / lines_net) if lines_net else NOUGHT
    net = lines_net + charge - off
    tax = lines_tax - tax_off + rounded(charge * (delivery_rate or NOUGHT) / 100)
    return {
        f"Decimal{currency}NetValue": net,
        f"Decimal{currency}TaxValue": tax,
        f"Decimal{currency}GrossValue": net + tax,
    }


def transaction_values(line: Values) -> dict[str, Any]:
    """Return the computed properties of a SalesTransaction."""
    return {
        "CalculatedPrice": scaled(line["Price"], line["SellDecimals"]),
        "CalculatedInvoiceQuantity": scaled(line["InvoiceQuantity"], line["QuantityDecimals"]),
        "CalculatedLineValue": scaled(line["LineValue"], line["CurrencyDecimals"]),
    }
