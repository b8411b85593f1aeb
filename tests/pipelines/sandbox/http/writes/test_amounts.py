"""Quantities, prices, discounts and items of a line that is written to the sandbox Xero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from xero_writes import decoded, line_of


def test_a_negative_quantity_is_refused(send_line):
    assert send_line(Quantity=Decimal("-2")).errors == [
        "The quantity value '-2.0000' is invalid. Quantity must not be less than zero."
    ]


def test_a_negative_price_is_accepted_while_the_total_is_not_negative(writer, sale, sent_line):
    lines = [sent_line(), sent_line(Quantity=1, UnitAmount=Decimal("-30"))]
    (outcome,) = writer.send("Invoices", [sale(*lines)])
    assert outcome.record["SubTotal"] == Decimal("70.00")
    (outcome,) = writer.send("Invoices", [sale(lines[1])])
    assert outcome.errors == ["The Total for this document must be greater than or equal to zero."]


def test_a_line_amount_that_does_not_fit_is_refused(send_line):
    assert send_line(LineAmount=Decimal("99.00")).errors == [
        "The line total 99.00 does not match the expected line total 100.00"
    ]


def test_a_missing_unit_amount_or_quantity_follows_from_the_line_amount(send_line):
    unit = line_of(send_line(UnitAmount=None, Quantity=3, LineAmount=Decimal("100")))
    assert (unit["UnitAmount"], unit["LineAmount"]) == (Decimal("33.3333"), Decimal("100.00"))
    quantity = line_of(send_line(Quantity=None, LineAmount=Decimal("25.00")))
    assert (quantity["Quantity"], quantity["LineAmount"]) == (Decimal("0.5"), Decimal("25.00"))


def test_without_unitdp_the_unit_amount_is_rounded_before_the_line_is_worked_out(
    writer, sale, sent_line
):
    bill = {"Invoices": [sale(sent_line(Quantity=1000, UnitAmount=Decimal("0.1234")))]}
    (rounded,) = decoded(writer.call("POST", "Invoices", bill))["Invoices"]
    (exact,) = decoded(writer.call("POST", "Invoices", bill, unitdp=4))["Invoices"]
    assert rounded["LineItems"][0]["LineAmount"] == Decimal("120.00")
    assert exact["LineItems"][0]["LineAmount"] == Decimal("123.40")


@pytest.mark.parametrize("discount", [{"DiscountRate": 10}, {"DiscountAmount": 10}])
def test_a_sales_invoice_takes_discounts(send_line, discount):
    assert line_of(send_line(**discount))["LineAmount"] == Decimal("90.00")


@pytest.mark.parametrize(
    ("endpoint", "kind"),
    [("Invoices", "ACCPAY"), ("CreditNotes", "ACCRECCREDIT"), ("CreditNotes", "ACCPAYCREDIT")],
)
def test_bills_and_credit_notes_take_none(writer, sale, sent_line, endpoint, kind):
    line = sent_line(DiscountRate=10, TaxType="NONE")
    (outcome,) = writer.send(endpoint, [sale(line, Type=kind)])
    assert outcome.errors == ["Discounts are only supported on sales invoices."]
    (outcome,) = writer.send(endpoint, [sale({**line, "DiscountRate": 0}, Type=kind)])
    assert outcome.errors == []


def test_an_approved_line_needs_a_description(send_line):
    assert send_line({"Status": "AUTHORISED"}, Description=None).errors == [
        "Description needs to be at least 1 char long"
    ]


# Items


def test_an_item_gives_what_the_line_leaves_out(writer, sale):
    line = {"ItemCode": "BOLT", "Quantity": 2}
    sold, bought = (
        line_of(writer.send("Invoices", [sale(line, Type=kind)])[0])
        for kind in ("ACCREC", "ACCPAY")
    )
    assert (sold["AccountCode"], sold["UnitAmount"]) == ("200", Decimal("9.5"))
    assert (sold["Description"], sold["TaxType"]) == ("Steel bolt", "OUTPUT2")
    assert sold["Item"]["Code"] == "BOLT"
    assert (bought["AccountCode"], bought["UnitAmount"]) == ("630", Decimal("4"))
    assert (bought["Description"], bought["TaxType"]) == ("Steel bolt, box", "INPUT2")


def test_what_the_line_says_goes_before_its_item(send_line):
    line = line_of(send_line(ItemCode="BOLT", UnitAmount=Decimal("7"), AccountCode="500",
                             TaxType="NONE"))  # fmt: skip
    assert (line["UnitAmount"], line["AccountCode"]) == (Decimal("7"), "500")


def test_an_unknown_item_is_refused(send_line):
    assert send_line(ItemCode="NUT").errors == ["Item code 'NUT' is not valid"]
