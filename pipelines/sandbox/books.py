"""Double-entry books of a sandbox organisation, posted from everything that moves its accounts.

Written apart from anything that the product computes, so that the two can be compared. Base
currency is amount / CurrencyRate, rounded to 2 decimals half away from zero, for each line and for
net and tax on their own; the receivable or payable is the converted total; what rounding leaves
goes to the ROUNDING account, so each entry's postings sum to 0.00. Only AUTHORISED and PAID
documents and POSTED journals post, on their date, with the cost of the tracked inventory they
moved; `money_entries` and `settlement_entries` are what is no document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.sandbox.advance_entries import money_entries
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import line_id
from pipelines.sandbox.documents import CREDITS, SALES, ZERO, Document
from pipelines.sandbox.postings import Journal, Posting, Side, Sides, to_base
from pipelines.sandbox.settlement_entries import settlement_entries

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

__all__ = ["Books", "Held", "Posting", "Side", "Totals", "to_base"]

Totals = dict[str, Decimal]
Held = dict[tuple[str, str], tuple[Decimal, Decimal]]
"""{(account id, currency): (foreign amount, its amount in base currency)}"""


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

    def __init__(self, ledger: Organisation) -> None:
        self._ledger = ledger
        self._cached: tuple[int, list[Posting]] = (-1, [])
        self._days: tuple[int, dict[date, Totals], dict[date, Held]] = (-1, {}, {})

    @property
    def postings(self) -> list[Posting]:
        """All postings: documents, then manual journals, then money."""
        if self._cached[0] != self._ledger.version:
            self._cached = (self._ledger.version, list(self.journal()))
        return self._cached[1]

    def journal(self) -> Iterator[Posting]:
        """Yield all postings without keeping them."""
        for document, sides in self.entries():
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
        for document, sides in self.entries():
            if document.type in SALES:
                month = document.date.replace(day=1)
                for side in sides:
                    if side.account_id in revenue:
                        totals[month, side.account_id] -= side.amount_base
        return dict(totals)

    def balances(self, from_date: date, to_date: date) -> Totals:
        """Return {account id: movement} between two dates, both included, debit positive."""
        totals: Totals = {}
        for day, movements in self._by_day()[0].items():
            if from_date <= day <= to_date:
                for account_id, amount in movements.items():
                    totals[account_id] = totals.get(account_id, ZERO) + amount
        return totals

    def foreign(self, to_date: date) -> Held:
        """Return what is held and owed in foreign currencies at the end of a day."""
        totals: Held = {}
        for day, movements in self._by_day()[1].items():
            if day <= to_date:
                for key, (amount, base) in movements.items():
                    former = totals.get(key, (ZERO, ZERO))
                    totals[key] = (former[0] + amount, former[1] + base)
        return totals

    def _by_day(self) -> tuple[dict[date, Totals], dict[date, Held]]:
        if self._days[0] != self._ledger.version:
            days: dict[date, Totals] = defaultdict(dict)
            foreign: dict[date, Held] = defaultdict(dict)
            for entry, sides in self.entries():
                day = days[entry.date]
                for side in sides:
                    day[side.account_id] = day.get(side.account_id, ZERO) + side.amount_base
                    if side.currency is not None:
                        key = side.account_id, side.currency
                        former = foreign[entry.date].get(key, (ZERO, ZERO))
                        foreign[entry.date][key] = (
                            former[0] + side.currency_amount,
                            former[1] + side.amount_base,
                        )
            self._days = self._ledger.version, days, foreign
        return self._days[1:]

    def balances_by_option(
        self, from_date: date, to_date: date, category_id: str | None
    ) -> dict[str | None, Totals]:
        """Return movements by tracking option of a category; None is what carries no option."""
        totals: dict[str | None, Totals] = {None: {}}
        for document, sides in self.entries():
            if from_date <= document.date <= to_date:
                for side in sides:
                    option = side.tracking.get(category_id) if category_id else None
                    movements = totals.setdefault(option, {})
                    former = movements.get(side.account_id, ZERO)
                    movements[side.account_id] = former + side.amount_base
        return totals

    def entries(self) -> Iterator[tuple[Document | Journal, Sides]]:
        """Yield each posted document with its sides; copies of a document share theirs."""
        system = self._system_accounts()
        yield from self._document_entries(system)
        for identity, record in self._ledger.records["ManualJournals"].items():
            if record["Status"] == "POSTED":
                yield Journal(identity, record["Date"]), journal_sides(record, system)
        yield from money_entries(self._ledger, system)
        yield from settlement_entries(self._ledger, system)

    def _document_entries(self, system: Mapping[str, str]) -> Iterator[tuple[Document, Sides]]:
        shared: dict[tuple[str, str, Decimal, int], Sides] = {}
        for documents in self._ledger.documents.values():
            for document in documents.values():
                if document.is_posted:
                    key = (document.type, document.currency, document.rate, id(document.body))
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
        foreign = None
        if document.currency != self._ledger.base_currency:
            foreign = document.currency
        owed = -sign * document.body.total if foreign else ZERO
        sides = [Side(None, control, total, currency=foreign, currency_amount=owed)]
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
