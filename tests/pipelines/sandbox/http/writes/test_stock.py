"""Tracked inventory: 10 bolts that cost 40.00, and what documents do to them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

BOLT = "17000000-0000-4000-8000-000000000002"
NO_STOCK = "Insufficient stock. Items are eligible for backorder."


@pytest.fixture
def trade(writer, sale):
    """Approve a document of so many bolts; return its outcome."""

    def send(kind: str, quantity: int, endpoint: str = "Invoices", status: str = "AUTHORISED"):
        line = {"ItemCode": "BOLT", "Quantity": quantity}
        return writer.send(endpoint, [sale(line, Type=kind, Status=status)])[0]

    return send


@pytest.fixture
def stock(organisation):
    return lambda: tuple(
        organisation.records["Items"][BOLT][field] for field in ("QuantityOnHand", "TotalCostPool")
    )


def test_a_sale_takes_stock_out_at_average_cost_and_xero_posts_the_cost(
    trade, stock, organisation, ids
):
    assert trade("ACCREC", 3).errors == []
    assert stock() == (7, Decimal("28.00"))
    balances = organisation.books.balances(date(2026, 10, 1), date(2026, 10, 31))
    assert balances[ids("account", 310)] == Decimal("12.00")
    assert balances[ids("account", 630)] == Decimal("-12.00")


def test_a_draft_moves_nothing(trade, stock):
    trade("ACCREC", 30, status="DRAFT")
    assert stock() == (10, Decimal("40.00"))


def test_more_than_is_on_hand_is_refused(trade, stock):
    assert trade("ACCREC", 11).errors == [NO_STOCK]
    assert stock() == (10, Decimal("40.00"))


def test_a_backorder_is_taken_when_it_is_allowed(writer, sale):
    line = {"ItemCode": "BOLT", "Quantity": 11}
    body = {"Invoices": [sale(line, Status="AUTHORISED")]}
    allowed = {"allowBackorders": "true"}  # younger than the official file at hand
    answer = writer.call("POST", "Invoices", body, is_checked=False, **allowed)
    assert answer.status_code == 200


def test_a_purchase_brings_stock_in_at_what_was_paid(trade, stock, organisation, ids):
    trade("ACCPAY", 5)
    assert stock() == (15, Decimal("60.00"))
    balances = organisation.books.balances(date(2026, 10, 1), date(2026, 10, 31))
    assert balances[ids("account", 630)] == Decimal("20.00")


def test_a_credit_note_to_a_customer_brings_stock_back(trade, stock):
    trade("ACCRECCREDIT", 2, "CreditNotes")
    assert stock() == (12, Decimal("48.00"))


def test_voiding_brings_back_what_the_document_took(trade, stock, writer, organisation):
    record = trade("ACCREC", 3).record
    writer.send("Invoices", [{"InvoiceID": record["InvoiceID"], "Status": "VOIDED"}])
    assert stock() == (10, Decimal("40.00"))
    assert organisation.books.postings == []


def test_a_change_of_an_approved_sale_moves_the_difference(trade, stock, writer):
    record = trade("ACCREC", 3).record
    line = {"LineItemID": record["LineItems"][0]["LineItemID"], "Quantity": 10}
    update = {"InvoiceID": record["InvoiceID"], "LineItems": [line]}
    assert writer.send("Invoices", [update])[0].errors == []
    assert stock() == (0, Decimal("0.00"))


def test_two_sales_in_one_request_share_the_stock(writer, sale):
    line = {"ItemCode": "BOLT", "Quantity": 6}
    outcomes = writer.send("Invoices", [sale(line, Status="AUTHORISED")] * 2)
    assert [one.errors for one in outcomes] == [[], [NO_STOCK]]
