"""Amounts of a document, worked out as Xero does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.sandbox.documents import Body, Line

RATES = {"OUTPUT2": Decimal(15), "ZERORATED": Decimal(0)}


def a_line(
    quantity: str,
    unit_amount: str,
    tax_type: str = "OUTPUT2",
    discount_rate: str | None = None,
    discount_amount: str | None = None,
) -> Line:
    return Line(
        quantity=Decimal(quantity),
        unit_amount=Decimal(unit_amount),
        tax_type=tax_type,
        discount_rate=Decimal(discount_rate) if discount_rate else None,
        discount_amount=Decimal(discount_amount) if discount_amount else None,
    )


@pytest.mark.parametrize(
    ("line", "basis", "amount", "tax", "net"),
    [
        # 3 x 33.35 = 100.05; 15 % of it is 15.0075
        (a_line("3", "33.35"), "Exclusive", "100.05", "15.01", "100.05"),
        # 33.3333 x 3.4575 = 115.24988475; 15 % of 115.25 is 17.2875
        (a_line("33.3333", "3.4575"), "Exclusive", "115.25", "17.29", "115.25"),
        # 115.00 holds 15.00
        (a_line("1", "115.00"), "Inclusive", "115.00", "15.00", "100.00"),
        # 1000.50 less 12.5 % = 875.4375; 875.44 x 15 / 115 = 114.1878…
        (a_line("1", "1000.50", discount_rate="12.5"), "Inclusive", "875.44", "114.19", "761.25"),
        # 2 x 50.00 less 7.25
        (a_line("2", "50.00", discount_amount="7.25"), "Exclusive", "92.75", "13.91", "92.75"),
        # half a cent goes away from zero on either side: 0.005 and 2.5 % of 0.20
        (a_line("0.5", "0.01"), "Exclusive", "0.01", "0.00", "0.01"),
        (a_line("-0.5", "0.01"), "Exclusive", "-0.01", "0.00", "-0.01"),
        (a_line("4", "25.00"), "NoTax", "100.00", "0.00", "100.00"),
        (a_line("4", "25.00", tax_type="ZERORATED"), "Exclusive", "100.00", "0.00", "100.00"),
    ],
)
def test_a_line_is_rounded_half_away_from_zero(
    line: Line, basis: str, amount: str, tax: str, net: str
) -> None:
    body = Body.of(basis, [line], RATES)
    found = body.lines[0]
    assert (found.line_amount, found.tax_amount) == (Decimal(amount), Decimal(tax))
    assert body.net(found) == Decimal(net)


def test_totals_are_sums_of_rounded_lines() -> None:
    # tax of each line is 0.1575 -> 0.16; of the sum it would be 0.47
    body = Body.of("Exclusive", [a_line("1", "1.05")] * 3, RATES)
    assert (body.total_tax, body.total) == (Decimal("0.48"), Decimal("3.63"))


def test_the_total_of_an_inclusive_document_is_the_sum_of_its_lines() -> None:
    body = Body.of("Inclusive", [a_line("1", "9.99")] * 3, RATES)
    assert (body.total, body.total_tax) == (Decimal("29.97"), Decimal("3.90"))
