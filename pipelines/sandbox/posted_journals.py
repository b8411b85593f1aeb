"""The journal as Xero's Journals endpoint shows it: every entry of the books, as it was posted.

A journal never changes and never goes. When what an entry tells of changes, a journal takes the
former one back, on its date, and another posts the new one; when it is voided, only the first.
Numbers count up from 1 in the order of posting, and so does the time of creation. The balances
taken over from the books before Xero have no source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import ZERO, Document
from pipelines.sandbox.postings import Journal, Side, Sides
from pipelines.sandbox.tables import derived_id

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

MILLISECOND = timedelta(milliseconds=1)
SOURCE_TYPES = {
    **{name: name for name in ("ACCREC", "ACCPAY", "ACCRECCREDIT", "ACCPAYCREDIT", "TRANSFER")},
    "RECEIVE": "CASHREC",
    "SPEND": "CASHPAID",
    "RECEIVE-PREPAYMENT": "ARPREPAYMENT",
    "SPEND-PREPAYMENT": "APPREPAYMENT",
    "RECEIVE-OVERPAYMENT": "AROVERPAYMENT",
    "SPEND-OVERPAYMENT": "APOVERPAYMENT",
    "MANUALJOURNAL": "MANJOURNAL",
}
PAYMENT_TYPES = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
}
Entry = tuple[Document | Journal, Sides]


class PostedJournals(Mapping[str, Record]):
    """The journals of one organisation by JournalID, in the order of their numbers."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._version = -1
        self._posted: dict[tuple[str, str], Entry] = {}
        self._records: dict[str, Record] = {}
        self._created_at = datetime.min.replace(tzinfo=UTC)

    def __getitem__(self, identity: str) -> Record:
        return self._up_to_date()[identity]

    def __iter__(self) -> Iterator[str]:
        return iter(self._up_to_date())

    def __len__(self) -> int:
        return len(self._up_to_date())

    def _up_to_date(self) -> dict[str, Record]:
        if self._version != self._organisation.version:
            is_first, self._version = self._version == -1, self._organisation.version
            entries = {
                (entry[0].type, entry[0].document_id): entry
                for entry in self._organisation.books.entries()
            }
            self._follow(entries, is_first=is_first)
        return self._records

    def _follow(self, entries: Mapping[tuple[str, str], Entry], *, is_first: bool) -> None:
        now = self._organisation.now()
        for key, (heading, sides) in list(self._posted.items()):
            if not _is_same(entries.get(key), (heading, sides)):
                self._post(heading, [_taken_back(side) for side in sides], now)
                del self._posted[key]
        new = [entry for key, entry in entries.items() if key not in self._posted]
        for heading, sides in sorted(new, key=lambda entry: entry[0].date):
            day = datetime.combine(heading.date, time(), UTC)
            self._post(heading, sides, min(day, now) if is_first else now)
            self._posted[heading.type, heading.document_id] = heading, list(sides)

    def _post(self, heading: Document | Journal, sides: Sides, at: datetime) -> None:
        self._created_at = max(at, self._created_at + MILLISECOND)
        number = len(self._records) + 1
        identity = derived_id(self._organisation.tenant_id, f"Journals/{number}")
        self._records[identity] = {
            "JournalID": identity,
            "JournalDate": heading.date,
            "JournalNumber": number,
            "CreatedDateUTC": self._created_at,
            **_source(heading),
            "JournalLines": [
                self._line(identity, position, side, _tax_of(sides, position))
                for position, side in enumerate(sides)
            ],
        }

    def _line(self, journal_id: str, position: int, side: Side, tax: Decimal) -> Record:
        account = self._organisation.records["Accounts"][side.account_id]
        options = [
            (option, self._organisation.option_names(option)) for option in side.tracking.values()
        ]
        return {
            "JournalLineID": derived_id(journal_id, str(position)),
            "AccountID": side.account_id,
            **({"AccountCode": account["Code"]} if account.get("Code") else {}),
            "AccountType": account["Type"],
            "AccountName": account["Name"],
            "NetAmount": side.amount_base,
            "GrossAmount": side.amount_base + tax,
            "TaxAmount": tax,
            "TrackingCategories": [
                {
                    "TrackingCategoryID": found.category_id,
                    "TrackingOptionID": option,
                    "Name": found.category,
                    "Option": found.option,
                }
                for option, found in options
                if found
            ],
        }


def _is_same(entry: Entry | None, posted: Entry) -> bool:
    return entry is not None and (entry[0].date, entry[1]) == (posted[0].date, posted[1])


def _taken_back(side: Side) -> Side:
    return Side(side.position, side.account_id, -side.amount_base, side.tracking)


def _tax_of(sides: Sides, position: int) -> Decimal:
    """Return the tax of a document's line, which is the side that follows it."""
    at = sides[position].position
    follows = sides[position + 1 : position + 2]
    is_taxed = at is not None and bool(follows) and follows[0].position == at
    return follows[0].amount_base if is_taxed else ZERO


def _source(heading: Document | Journal) -> Record:
    """Return SourceID and SourceType; an allocation's source is the credit that it uses."""
    identity, kind = heading.document_id, SOURCE_TYPES.get(heading.type, "")
    if isinstance(heading, Journal) and heading.settles[0]:
        settled, settled_id = heading.settles
        kind = SOURCE_TYPES[settled]
        if heading.type == "ALLOCATION":
            identity = settled_id
        else:
            kind = PAYMENT_TYPES.get(settled, kind)
    return {"SourceID": identity, "SourceType": kind} if kind else {}
