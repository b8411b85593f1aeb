"""One sandbox organisation: its records by endpoint, its documents, and how both are changed.

Records are Xero's own fields with Python values: `Decimal` for money, quantities and rates, `date`
for calendar dates, aware UTC `datetime` for instants. What is read is read-only; `change`, `add`,
`remove` and `save` stamp it, let names and books follow and raise `version`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pipelines.sandbox import naming
from pipelines.sandbox.books import Books
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.contact_totals import contact_totals
from pipelines.sandbox.document_entry import from_record
from pipelines.sandbox.documents import Document, Payment
from pipelines.sandbox.ledger_files import Documents
from pipelines.sandbox.money_accounts import MoneyAccounts
from pipelines.sandbox.money_records import BatchRecords, PaymentRecords
from pipelines.sandbox.opening import Opening
from pipelines.sandbox.posted_journals import PostedJournals
from pipelines.sandbox.present_names import PresentNames
from pipelines.sandbox.record_kinds import ID_FIELDS, NAMED_LATE, OPTIONAL, UNSTAMPED
from pipelines.sandbox.record_views import DocumentRecords, NamedRecords
from pipelines.sandbox.tables import record_id

__all__ = ["ID_FIELDS", "Organisation"]

STAMP = "UpdatedDateUTC"
NAMED = frozenset({"Accounts", "TrackingCategories", "TaxRates", "Items"})  # see PresentNames
MILLISECOND = timedelta(milliseconds=1)


class Organisation(MoneyAccounts, PresentNames):
    """An organisation of the sandbox; `records` is shown from `documents` and the configuration."""

    def __init__(
        self,
        short_name: str,
        tenant_id: str,
        configuration: dict[str, dict[str, Record]],
        documents: Documents,
        now: Callable[[], datetime],
        *,
        opening: Opening | None = None,
        refunds: dict[str, tuple[Payment, ...]] | None = None,
    ) -> None:
        self.short_name, self.tenant_id = short_name, tenant_id
        self.opening, self.refunds = opening or Opening(), refunds or {}
        self.documents = documents
        self.version = 0
        self.now = now
        self._configuration = configuration
        for endpoint in OPTIONAL:
            configuration.setdefault(endpoint, {})
        self.made_by_api: set[str] = set()
        self._touched: set[str] | None = None
        self.payments = PaymentRecords(self)
        self.records: dict[str, Mapping[str, Record]] = {
            **configuration,
            **{endpoint: NamedRecords(configuration[endpoint], self) for endpoint in NAMED_LATE},
            "Payments": self.payments,
            "BatchPayments": BatchRecords(configuration["BatchPayments"], self.payments),
            **{endpoint: DocumentRecords(held, self) for endpoint, held in documents.items()},
        }
        self.read_names()
        self.books = Books(self)
        self._ordered: dict[str, tuple[int, list[tuple[datetime | None, str]]]] = {}
        self._last_stamp = max(
            (stamp for endpoint in self.records for stamp, _ in self.in_order(endpoint) if stamp),
            default=now(),
        )
        for identity, totals in contact_totals(self).items():
            configuration["Contacts"][identity].update(totals)
        self.records["Journals"] = PostedJournals(self)  # posted when they are first asked for

    @property
    def name(self) -> str:
        """The organisation's name in Xero."""
        return self.settings["Name"]

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
        if endpoint == "Payments":
            return sorted(self.payments.stamps())
        records = self.records[endpoint]
        if endpoint in UNSTAMPED:
            return [(None, identity) for identity in records]
        return sorted((record[STAMP], identity) for identity, record in records.items())

    # Changes

    def change(self, endpoint: str, identity: str, *, stamp: bool = True, **fields: Any) -> Record:
        """Set fields of a record and return it as it is now.

        `stamp=False` leaves the change stamp alone, as Xero does when a posted line is recoded.
        A field that is set to None is gone (documents decide for themselves).
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

    def save(self, document: Document) -> Record:
        """Put a document in the place of the one with its id, stamped now; return its record."""
        self._keep(replace(document, updated_at=self._next_stamp()))
        return self.records[document.endpoint][document.document_id]

    @contextmanager
    def one_change(self) -> Iterator[None]:
        """Make the changes of the block one: if it raises, none of them has happened.

        What follows from many documents (the contacts' totals) is worked out once, at its end.
        """
        groups: list[dict[str, Any]] = [*self.documents.values(), *self._configuration.values()]
        kept, made = [dict(held) for held in groups], set(self.made_by_api)
        self._touched = set()
        try:
            yield
        except BaseException:
            for held, before in zip(groups, kept, strict=True):
                held.clear()
                held.update(before)
            self.made_by_api = made
            self._touched = set()
            raise
        finally:
            touched, self._touched = self._touched, None
            self.read_names()
            self.version += 1  # a version never comes back, or an outdated page would
            self._update_totals(touched or set())

    def _put(self, endpoint: str, identity: str, record: Record, former: Record | None) -> Record:
        if endpoint == "Payments":
            self._keep_payment(identity, record)
        elif endpoint in self.documents:
            previous = self.documents[endpoint].get(identity)
            self._keep(from_record(endpoint, record, self, previous))
        else:
            record = {name: value for name, value in record.items() if value is not None}
            self._held(endpoint)[identity] = record
            if former is not None:
                naming.follow(endpoint, former, record, self._configuration)
            self._after_change(endpoint)
        return self.records[endpoint][identity]

    def _keep_payment(self, identity: str, record: Record) -> None:
        """Take over a payment's status and stamp; its document is open again if it is deleted."""
        settled = self.payments.settled[identity]
        changed = replace(
            settled.payment, status=record["Status"], updated_at=record[STAMP], payment_id=identity
        )

        def with_change(payments: tuple[Payment, ...]) -> tuple[Payment, ...]:
            before, after = payments[: settled.position], payments[settled.position + 1 :]
            return (*before, changed, *after)

        if settled.endpoint not in self.documents:
            self.refunds[settled.settled_id] = with_change(self.refunds[settled.settled_id])
            self._after_change(settled.endpoint)
            return
        document = self.documents[settled.endpoint][settled.settled_id]
        document = replace(document, payments=with_change(document.payments))
        status = "AUTHORISED" if document.due and document.status == "PAID" else document.status
        self._keep(replace(document, status=status, updated_at=self._next_stamp()))

    def _keep(self, document: Document) -> None:
        held = self.documents[document.endpoint]
        previous = held.get(document.document_id)
        held[document.document_id] = document
        self._after_change(document.endpoint)
        contacts = {document.contact_id, previous.contact_id if previous else ""}
        if self._touched is None:
            self._update_totals(contacts)
        else:
            self._touched |= contacts

    def _update_totals(self, contacts: set[str]) -> None:
        if contacts:
            held = self._configuration["Contacts"]
            for contact, totals in contact_totals(self, contacts).items():
                held[contact] = {**held[contact], **totals}

    def _held(self, endpoint: str) -> dict[str, Any]:
        is_document = endpoint in self.documents
        return self.documents[endpoint] if is_document else self._configuration[endpoint]

    def _next_stamp(self) -> datetime:
        now = self.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self._last_stamp = max(now, self._last_stamp + MILLISECOND)
        return self._last_stamp

    def _after_change(self, endpoint: str) -> None:
        if endpoint in NAMED:
            self.read_names()
        self.version += 1
