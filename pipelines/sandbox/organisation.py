"""One sandbox organisation: its records by endpoint, its documents, and how both are changed.

Records are Xero's own fields with Python values: `Decimal` for money, quantities and rates, `date`
for calendar dates, aware UTC `datetime` for instants. Treat what is read as read-only; change it
with `change`, `add` and `remove`, which stamp it, let names and books follow and raise `version`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pipelines.sandbox import naming
from pipelines.sandbox.books import Books
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.contact_totals import contact_totals
from pipelines.sandbox.document_entry import from_record
from pipelines.sandbox.document_records import OptionNames, to_record
from pipelines.sandbox.documents import Document
from pipelines.sandbox.ledger_files import Documents, tax_percentages
from pipelines.sandbox.tables import record_id

STAMP = "UpdatedDateUTC"
UNSTAMPED = frozenset({"Organisation", "TrackingCategories", "TaxRates"})
MILLISECOND = timedelta(milliseconds=1)


class DocumentRecords(Mapping[str, Record]):
    """The documents of one endpoint as records, each made when it is asked for."""

    def __init__(self, documents: Mapping[str, Document], names: Organisation) -> None:
        self._documents, self._names = documents, names

    def __getitem__(self, identity: str) -> Record:
        return to_record(self._documents[identity], self._names)

    def __contains__(self, identity: object) -> bool:
        return identity in self._documents

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


class Organisation:
    """An organisation of the sandbox; `records` is shown from `documents` and the configuration."""

    def __init__(
        self,
        short_name: str,
        tenant_id: str,
        configuration: dict[str, dict[str, Record]],
        documents: Documents,
        now: Callable[[], datetime],
    ) -> None:
        self.short_name, self.tenant_id = short_name, tenant_id
        self.documents = documents
        self.version = 0
        self._now = now
        self._configuration = configuration
        self.records: dict[str, Mapping[str, Record]] = {
            **configuration,
            **{endpoint: DocumentRecords(held, self) for endpoint, held in documents.items()},
        }
        self.books = Books(self)
        self._ordered: dict[str, tuple[int, list[tuple[datetime | None, str]]]] = {}
        self._last_stamp = max(
            (stamp for endpoint in self.records for stamp, _ in self.in_order(endpoint) if stamp),
            default=now(),
        )
        self._read_names()
        for identity, totals in contact_totals(self).items():
            configuration["Contacts"][identity].update(totals)

    @property
    def settings(self) -> Record:
        """The Organisation record."""
        return next(iter(self.records["Organisation"].values()))

    @property
    def name(self) -> str:
        """The organisation's name in Xero."""
        return self.settings["Name"]

    @property
    def base_currency(self) -> str:
        """The currency of the books."""
        return self.settings["BaseCurrency"]

    def id_of(self, endpoint: str, *key: str) -> str:
        """Return the id of the record that the demo files call `key`.

        For a tracking option: `id_of("TrackingOptions", category, option)`.
        """
        return record_id(self.tenant_id, endpoint, *key)

    def in_order(self, endpoint: str) -> list[tuple[datetime | None, str]]:
        """Return (change stamp, record id) of all records, in the order of Xero's paged lists.

        Cheap however many documents there are: no record is made. The list is shared; do not
        change it.
        """
        version, ordered = self._ordered.get(endpoint, (-1, []))
        if version != self.version:
            ordered = self._in_order(endpoint)
            self._ordered[endpoint] = (self.version, ordered)
        return ordered

    def _in_order(self, endpoint: str) -> list[tuple[datetime | None, str]]:
        if endpoint in self.documents:
            held = self.documents[endpoint].values()
            return sorted((document.updated_at, document.document_id) for document in held)
        records = self.records[endpoint]
        if endpoint in UNSTAMPED:
            return [(None, identity) for identity in records]
        return sorted((record[STAMP], identity) for identity, record in records.items())

    # Changes

    def change(self, endpoint: str, identity: str, *, stamp: bool = True, **fields: Any) -> Record:
        """Set fields of a record and return it as it is now.

        `stamp=False` leaves the change stamp alone, as Xero does when a posted line is recoded.
        Of a document, amounts and books follow the lines; give `LineItems` whole.
        """
        if stamp and endpoint not in UNSTAMPED and STAMP not in fields:
            fields[STAMP] = self._next_stamp()
        record = {**self.records[endpoint][identity], **fields}
        return self._put(endpoint, identity, record, self.records[endpoint][identity])

    def add(self, endpoint: str, record: Record) -> Record:
        """Add a record (with its id) and return it; without a change stamp it is stamped now."""
        identity = record[ID_FIELDS[endpoint]]
        if identity in self.records[endpoint]:
            raise ValueError(f"{endpoint} already holds {identity}")
        if endpoint not in UNSTAMPED:
            record = {STAMP: self._next_stamp(), **record}
        return self._put(endpoint, identity, record, None)

    def remove(self, endpoint: str, identity: str) -> None:
        """Make a record vanish, as Xero does with unused accounts and deleted items."""
        del self._held(endpoint)[identity]
        self._after_change(endpoint)

    def _put(self, endpoint: str, identity: str, record: Record, former: Record | None) -> Record:
        if endpoint in self.documents:
            previous = self.documents[endpoint].get(identity)
            document = from_record(endpoint, record, self, previous)
            self.documents[endpoint][identity] = document
            contacts = {document.contact_id, previous.contact_id if previous else ""}
            self._after_change(endpoint)
            for contact, totals in contact_totals(self, contacts).items():
                held = self._configuration["Contacts"]
                held[contact] = {**held[contact], **totals}
        else:
            self._held(endpoint)[identity] = record
            if former is not None:
                naming.follow(endpoint, former, record, self._configuration)
            self._after_change(endpoint)
        return self.records[endpoint][identity]

    def _held(self, endpoint: str) -> dict[str, Any]:
        is_document = endpoint in self.documents
        return self.documents[endpoint] if is_document else self._configuration[endpoint]

    def _next_stamp(self) -> datetime:
        now = self._now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self._last_stamp = max(now, self._last_stamp + MILLISECOND)
        return self._last_stamp

    def _after_change(self, endpoint: str) -> None:
        if endpoint not in self.documents:
            self._read_names()
        self.version += 1

    # Present names, for the documents

    def _read_names(self) -> None:
        self.tax_percentages: dict[str, Decimal] = tax_percentages(self.records)
        self._options = {
            option["TrackingOptionID"]: OptionNames(identity, category["Name"], option["Name"])
            for identity, category in self.records["TrackingCategories"].items()
            for option in category["Options"]
        }
        self._items_by_code = {
            item["Code"]: identity for identity, item in self.records["Items"].items()
        }
        by_code: dict[str, list[str]] = defaultdict(list)
        for identity, account in self.records["Accounts"].items():
            by_code[account.get("Code", "")].insert(
                0 if account["Status"] == "ACTIVE" else len(by_code[account.get("Code", "")]),
                identity,
            )
        self._accounts_by_code = by_code

    def account_code(self, account_id: str) -> str | None:
        """Return an account's present code; None for an account that has none, or is gone."""
        return self.records["Accounts"].get(account_id, {}).get("Code")

    def account_id(self, code: str) -> str | None:
        """Return the account that bears a code, the active one first; None if there is none."""
        return next(iter(self._accounts_by_code.get(code, ())), None) if code else None

    def item(self, item_id: str) -> Record | None:
        """Return an item; None when it has been deleted."""
        return self.records["Items"].get(item_id)

    def item_id(self, code: str) -> str | None:
        """Return the item that bears a code; None if there is none."""
        return self._items_by_code.get(code)

    def contact_name(self, contact_id: str) -> str:
        """Return a contact's present name."""
        return self.records["Contacts"][contact_id]["Name"]

    def option_names(self, option_id: str) -> OptionNames | None:
        """Return the present names of a tracking option and its category; None if it is gone."""
        return self._options.get(option_id)


ID_FIELDS = {
    "Organisation": "OrganisationID",
    "Accounts": "AccountID",
    "TrackingCategories": "TrackingCategoryID",
    "TaxRates": "TaxType",
    "Items": "ItemID",
    "Contacts": "ContactID",
    "Invoices": "InvoiceID",
    "CreditNotes": "CreditNoteID",
}
