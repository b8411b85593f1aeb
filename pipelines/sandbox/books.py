"""Double-entry books of a sandbox organisation, posted from its documents.

Written apart from anything that the product computes, so that the two can be compared. Base
currency is amount / CurrencyRate, rounded to 2 decimals half away from zero, for each line and for
net and tax on their own; the receivable or payable is the converted total; what rounding leaves
goes to the ROUNDING account, so each document's postings sum to 0.00. Only AUTHORISED and PAID
documents post, on their date. Not posted: payments, and cost of sales of tracked inventory.
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
from pipelines.sandbox.documents import CREDITS, SALES, ZERO, Document, to_cents

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

    `line_id` is None on the receivable or payable and on rounding; `tracking` is
    {TrackingCategoryID: TrackingOptionID}.
    """

    document_type: str
    document_id: str
    line_id: str | None
    date: date
    account_id: str
    amount_base: Decimal
    contact_id: str
    tracking: Mapping[str, str] = field(default_factory=dict)


def to_base(amount: Decimal, rate: Decimal) -> Decimal:
    """Convert to base currency: Xero's CurrencyRate is foreign units per base unit."""
    return to_cents(amount / rate)


class Books:
    """The journal of one organisation; it follows every change of a document at once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._cached: tuple[int, list[Posting]] = (-1, [])

    @property
    def postings(self) -> list[Posting]:
        """All postings, in the order of the documents."""
        if self._cached[0] != self._ledger.version:
            self._cached = (self._ledger.version, list(self.journal()))
        return self._cached[1]

    def journal(self) -> Iterator[Posting]:
        """Yield all postings without keeping them."""
        system = self._system_accounts()
        for documents in self._ledger.documents.values():
            for document in documents.values():
                if document.is_posted:
                    yield from self._entry(document, system)

    def entry(self, document: Document) -> list[Posting]:
        """Return the postings of one document; none unless it is AUTHORISED or PAID."""
        return list(self._entry(document, self._system_accounts())) if document.is_posted else []

    def revenue(self) -> dict[tuple[date, str], Decimal]:
        """Return {(first of month, account id): amount} of accounts of class REVENUE.

        From sales invoices and sales credit notes only, income positive.
        """
        totals: dict[tuple[date, str], Decimal] = defaultdict(lambda: ZERO)
        accounts = self._ledger.records["Accounts"]
        for posting in self.journal():
            is_revenue = accounts[posting.account_id]["Class"] == "REVENUE"
            if is_revenue and posting.document_type in SALES:
                totals[posting.date.replace(day=1), posting.account_id] -= posting.amount_base
        return dict(totals)

    def balances(self, from_date: date, to_date: date) -> Totals:
        """Return {account id: movement} between two dates, both included, debit positive."""
        return self.balances_by_option(from_date, to_date, None)[None]

    def balances_by_option(
        self, from_date: date, to_date: date, category_id: str | None
    ) -> dict[str | None, Totals]:
        """Return movements by tracking option of a category; None is what carries no option."""
        totals: dict[str | None, Totals] = defaultdict(lambda: defaultdict(lambda: ZERO))
        totals[None] = defaultdict(lambda: ZERO)
        for posting in self.journal():
            if from_date <= posting.date <= to_date:
                option = posting.tracking.get(category_id) if category_id else None
                totals[option][posting.account_id] += posting.amount_base
        return {option: dict(movements) for option, movements in totals.items()}

    def _system_accounts(self) -> dict[str, str]:
        return {
            account["SystemAccount"]: identity
            for identity, account in self._ledger.records["Accounts"].items()
            if account.get("SystemAccount")
        }

    def _entry(self, document: Document, system: Mapping[str, str]) -> Iterator[Posting]:
        is_sale = document.type in SALES
        sign = -1 if is_sale != (document.type in CREDITS) else 1
        control = system["DEBTORS" if is_sale else "CREDITORS"]
        total = -sign * to_base(document.total, document.rate)

        def posting(line: str | None, account: str, amount: Decimal, tracking: Mapping[str, str]):
            return Posting(
                document.type,
                document.document_id,
                line,
                document.date,
                account,
                amount,
                document.contact_id,
                tracking,
            )

        yield posting(None, control, total, {})
        left = total
        for position, line in enumerate(document.lines):
            if line.account_id is None:
                continue
            identity = line_id(document.document_id, position, line)
            net = sign * to_base(document.net(line), document.rate)
            yield posting(identity, line.account_id, net, self._tracking(line.options))
            tax = sign * to_base(line.tax_amount, document.rate)
            if tax:
                yield posting(identity, system["GST"], tax, {})
            left += net + tax
        if left:
            yield posting(None, system["ROUNDING"], -left, {})

    def _tracking(self, options: tuple[str, ...]) -> dict[str, str]:
        names = [(option, self._ledger.option_names(option)) for option in options]
        return {found.category_id: option for option, found in names if found}
