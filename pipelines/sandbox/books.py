"""Double-entry books of a sandbox organisation, posted from its documents and manual journals.

Written apart from anything that the product computes, so that the two can be compared. Base
currency is amount / CurrencyRate, rounded to 2 decimals half away from zero, for each line and for
net and tax on their own; the receivable or payable is the converted total; what rounding leaves
goes to the ROUNDING account, so each document's postings sum to 0.00. Only AUTHORISED and PAID
documents and POSTED journals post, on their date. The cost of tracked inventory is posted for what
was written over the API (`write_stock`), not for the documents of the demo files; payments never.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import OptionNames, line_id
from pipelines.sandbox.documents import CREDITS, SALES, ZERO, Document, Line, to_cents

Totals = dict[str, Decimal]


class Ledger(Protocol):
    """An organisation, as far as the books look at it."""

    documents: dict[str, dict[str, Document]]
    version: int

    @property
    def records(self) -> Mapping[str, Mapping[str, Record]]:
        """The records by endpoint and id."""
        ...

    def option_names(self, option_id: str) -> OptionNames | None:
        """Return the category of a tracking option."""
        ...


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry. `amount_base` is in base currency, debit positive.

    `line_id` is None on the receivable or payable, on rounding, on the cost of inventory and on
    manual journals; `tracking` is {TrackingCategoryID: TrackingOptionID}.
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
    """A posting before its document's own facts; `position` is the line's, from 0."""

    position: int | None
    account_id: str
    amount_base: Decimal
    tracking: Mapping[str, str] = field(default_factory=dict)


Sides = list[Side]


@dataclass(frozen=True, slots=True)
class Journal:
    """A manual journal's heading, as far as its postings show it."""

    document_id: str
    date: date
    type: str = "MANUALJOURNAL"
    contact_id: str = ""
    lines: tuple[Line, ...] = ()


def to_base(amount: Decimal, rate: Decimal) -> Decimal:
    """Convert to base currency: Xero's CurrencyRate is foreign units per base unit."""
    return to_cents(amount / rate)


def journal_sides(record: Record, system: Mapping[str, str]) -> Sides:
    """Return what a manual journal posts: its lines, and their tax to the GST account."""
    sides = []
    for line in record["JournalLines"]:
        tax = line["TaxAmount"]
        net = line["LineAmount"] - (tax if record["LineAmountTypes"] == "Inclusive" else ZERO)
        tracking = {one["TrackingCategoryID"]: one["TrackingOptionID"] for one in line["Tracking"]}
        sides.append(Side(None, line["AccountID"], net, tracking))
        if tax:
            sides.append(Side(None, system["GST"], tax))
    return sides


class Books:
    """The journal of one organisation; it follows every change of a document at once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._cached: tuple[int, list[Posting]] = (-1, [])

    @property
    def postings(self) -> list[Posting]:
        """All postings, in the order of the documents, then those of manual journals."""
        if self._cached[0] != self._ledger.version:
            self._cached = (self._ledger.version, list(self.journal()))
        return self._cached[1]

    def journal(self) -> Iterator[Posting]:
        """Yield all postings without keeping them."""
        for document, sides in self._entries():
            yield from self._postings(document, sides)

    def entry(self, document: Document) -> list[Posting]:
        """Return the postings of one document; none unless it is AUTHORISED or PAID."""
        if not document.is_posted:
            return []
        sides = self._sides(document, self._system_accounts()) + self._cost_sides(document)
        return list(self._postings(document, sides))

    def revenue(self) -> dict[tuple[date, str], Decimal]:
        """Return {(first of month, account id): amount} of accounts of class REVENUE.

        From sales invoices and sales credit notes only, income positive.
        """
        totals: dict[tuple[date, str], Decimal] = defaultdict(lambda: ZERO)
        accounts = self._ledger.records["Accounts"]
        revenue = {key for key, account in accounts.items() if account["Class"] == "REVENUE"}
        for document, sides in self._entries():
            if document.type in SALES:
                month = document.date.replace(day=1)
                for side in sides:
                    if side.account_id in revenue:
                        totals[month, side.account_id] -= side.amount_base
        return dict(totals)

    def balances(self, from_date: date, to_date: date) -> Totals:
        """Return {account id: movement} between two dates, both included, debit positive."""
        return self.balances_by_option(from_date, to_date, None)[None]

    def balances_by_option(
        self, from_date: date, to_date: date, category_id: str | None
    ) -> dict[str | None, Totals]:
        """Return movements by tracking option of a category; None is what carries no option."""
        totals: dict[str | None, Totals] = {None: {}}
        for document, sides in self._entries():
            if from_date <= document.date <= to_date:
                for side in sides:
                    option = side.tracking.get(category_id) if category_id else None
                    movements = totals.setdefault(option, {})
                    former = movements.get(side.account_id, ZERO)
                    movements[side.account_id] = former + side.amount_base
        return totals

    def _entries(self) -> Iterator[tuple[Document | Journal, Sides]]:
        """Yield each posted document with its sides; copies of a document share theirs."""
        system = self._system_accounts()
        yield from self._document_entries(system)
        for identity, record in self._ledger.records["ManualJournals"].items():
            if record["Status"] == "POSTED":
                yield Journal(identity, record["Date"]), journal_sides(record, system)

    def _document_entries(self, system: Mapping[str, str]) -> Iterator[tuple[Document, Sides]]:
        shared: dict[tuple[str, Decimal, int], Sides] = {}
        for documents in self._ledger.documents.values():
            for document in documents.values():
                if document.is_posted:
                    key = (document.type, document.rate, id(document.body))
                    if key not in shared:
                        shared[key] = self._sides(document, system)
                    cost = self._cost_sides(document) if document.stock else []
                    yield document, shared[key] + cost if cost else shared[key]

    def _system_accounts(self) -> dict[str, str]:
        return {
            account["SystemAccount"]: identity
            for identity, account in self._ledger.records["Accounts"].items()
            if account.get("SystemAccount")
        }

    def _sides(self, document: Document, system: Mapping[str, str]) -> Sides:
        is_sale = document.type in SALES
        sign = -1 if is_sale != (document.type in CREDITS) else 1
        control = system["DEBTORS" if is_sale else "CREDITORS"]
        total = -sign * to_base(document.body.total, document.rate)
        sides = [Side(None, control, total)]
        for position, line in enumerate(document.lines):
            if line.account_id is None:
                continue
            net = sign * to_base(document.body.net(line), document.rate)
            sides.append(Side(position, line.account_id, net, self._tracking(line.options)))
            tax = sign * to_base(line.tax_amount, document.rate)
            if tax:
                sides.append(Side(position, system["GST"], tax))
        left = sum((side.amount_base for side in sides), ZERO)
        if left:
            sides.append(Side(None, system["ROUNDING"], -left))
        return sides

    def _cost_sides(self, document: Document) -> Sides:
        """Move the cost of sold inventory from the asset to cost of sales; returns the other way.

        A purchase moves nothing here: its line is posted to the asset itself.
        """
        sides = []
        for move in document.stock if document.type in SALES else ():
            tracking = self._tracking(document.lines[move.position].options)
            sides.append(Side(None, move.expense_id, -move.cost, tracking))
            sides.append(Side(None, move.asset_id, move.cost))
        return sides

    def _tracking(self, options: tuple[str, ...]) -> dict[str, str]:
        names = [(option, self._ledger.option_names(option)) for option in options]
        return {found.category_id: option for option, found in names if found}

    @staticmethod
    def _postings(document: Document | Journal, sides: Sides) -> Iterator[Posting]:
        for side in sides:
            at = side.position
            identity = document.document_id
            yield Posting(
                document_type=document.type,
                document_id=identity,
                line_id=None if at is None else line_id(identity, at, document.lines[at]),
                date=document.date,
                account_id=side.account_id,
                amount_base=side.amount_base,
                contact_id=document.contact_id,
                tracking=side.tracking,
            )
