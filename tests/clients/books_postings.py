"""Postings of the sandbox's double-entry books, as the tests of agreement add them up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pipelines.sandbox.books import Posting
from pipelines.sandbox.organisation import Organisation

SALES = ("ACCREC", "ACCRECCREDIT")
SOURCE_TYPES = {
    "ACCREC": "sales_invoice",
    "ACCRECCREDIT": "sales_credit_note",
    "ACCPAY": "bill",
    "ACCPAYCREDIT": "bill_credit_note",
    "RECEIVE": "bank_transaction",
    "SPEND": "bank_transaction",
    "RECEIVE-PREPAYMENT": "prepayment",
    "SPEND-PREPAYMENT": "prepayment",
    "ALLOCATION": "allocation",
    "PAYMENT": "payment",
    "MANUALJOURNAL": "manual_journal",
}
INCOME_KINDS = {"REVENUE": "trading", "SALES": "trading", "OTHERINCOME": "other"}
Key = TypeVar("Key", bound=Hashable)


def month_of(day: date) -> date:
    return day.replace(day=1)


def totals(amounts: Iterable[tuple[Key, Decimal]]) -> dict[Key, Decimal]:
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for key, amount in amounts:
        sums[key] += amount
    return {key: amount for key, amount in sums.items() if amount}


def income_postings(organisation: Organisation) -> Iterator[Posting]:
    accounts = organisation.records["Accounts"]
    for posting in organisation.books.postings:
        is_income = accounts[posting.account_id]["Class"] == "REVENUE"
        if is_income and posting.document_type in SOURCE_TYPES:
            yield posting


def cost_postings(organisation: Organisation) -> Iterator[Posting]:
    """What documents post to direct-cost accounts; Xero's own stock postings are on no line."""
    accounts = organisation.records["Accounts"]
    for posting in organisation.books.postings:
        is_cost = accounts[posting.account_id]["Type"] == "DIRECTCOSTS"
        if is_cost and posting.document_type in SOURCE_TYPES and not is_stock_cost(posting):
            yield posting


def is_stock_cost(posting: Posting) -> bool:
    """Whether a document posts it without a line, as Xero does the cost of what it sold."""
    return posting.document_type in (*SALES, "ACCPAY", "ACCPAYCREDIT") and not posting.line_id
