"""What one write request is about, and what is found out about each of its elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import GONE, SALES, Document
from pipelines.sandbox.resources import Resource
from pipelines.sandbox.write_rules import WriteRules

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

NO_ID = "00000000-0000-0000-0000-000000000000"
# Xero's names for the time zones of the demo organisations; others count as UTC.
_ZONES = {"NEWZEALANDSTANDARDTIME": "Pacific/Auckland", "GMTSTANDARDTIME": "Europe/London"}


@dataclass(frozen=True)
class WriteCall:
    """One write request without its elements.

    Attributes:
        creates_only: PUT; otherwise an element may update what is there.
        key: The id or number in the path; empty for a whole endpoint.
        unit_places: Decimals to which unit amounts are rounded, on writing too.
        summarises: One bad element refuses all (`summarizeErrors` is not false).
    """

    organisation: Organisation
    resource: Resource
    rules: WriteRules
    now: datetime
    creates_only: bool
    key: str = ""
    unit_places: int = 2
    summarises: bool = True
    allows_backorders: bool = False
    drops_tracking: bool = False

    @property
    def noun(self) -> str:
        """What Xero's messages about statuses call the thing."""
        return "Invoice" if self.resource.name == "Invoices" else "Document"

    def numbered(self, number: str) -> Document | None:
        """Return the sales document that bears a number; case does not matter."""
        folded = number.casefold()
        held = self.organisation.documents[self.resource.name]
        document = held.get(self._by_number.get(folded, ""))
        if document is None or document.number.casefold() != folded or document.status in GONE:
            return None
        return document

    def remember_number(self, document: Document) -> None:
        """Let later elements of the request find a document that is saved."""
        if document.type in SALES:
            self._by_number[document.number.casefold()] = document.document_id

    @cached_property
    def _by_number(self) -> dict[str, str]:
        """{number: id} of the sales documents, as they were before the request."""
        return {
            document.number.casefold(): identity
            for identity, document in self.organisation.documents[self.resource.name].items()
            if document.type in SALES and document.status not in GONE
        }

    def contacts_with(self, field: str, value: str) -> list[Record]:
        """Return the contacts that bear a name or number, archived ones too; case is ignored."""
        held, folded = self.organisation.records["Contacts"], value.casefold()
        bearers = (held.get(one) for one in self._contacts_by(field).get(folded, ()))
        return [one for one in bearers if one and str(one.get(field, "")).casefold() == folded]

    def remember_contact(self, contact: Record) -> None:
        """Let later elements of the request find a contact by what it is called now."""
        for name, bearers in self._contact_index.items():
            identities = bearers.setdefault(str(contact.get(name, "")).casefold(), [])
            if contact["ContactID"] not in identities:
                identities.append(contact["ContactID"])

    def _contacts_by(self, field: str) -> dict[str, list[str]]:
        bearers = self._contact_index.get(field)
        if bearers is None:
            bearers = self._contact_index[field] = {}
            for identity, contact in self.organisation.records["Contacts"].items():
                if contact.get(field):
                    bearers.setdefault(contact[field].casefold(), []).append(identity)
        return bearers

    @cached_property
    def _contact_index(self) -> dict[str, dict[str, list[str]]]:
        """{field: {value: [ContactID]}}, filled when a field is first asked for."""
        return {}

    @property
    def today(self) -> date:
        """The date where the organisation is, which Xero takes for a missing one."""
        zone = _ZONES.get(self.organisation.settings.get("Timezone", ""), "UTC")
        return self.now.astimezone(ZoneInfo(zone)).date()


@dataclass
class Findings:
    """What is wrong with an element (it is not saved), and what was stripped from it."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, message: str) -> None:
        """Note what is wrong."""
        self.errors.append(message)

    def warn(self, message: str) -> None:
        """Note what was changed without refusing it."""
        self.warnings.append(message)


@dataclass(frozen=True)
class Outcome:
    """What became of one element: the record that was saved, or None and the reasons."""

    element: Mapping[str, Any]
    record: Record | None
    findings: Findings

    @property
    def status(self) -> str:
        """Xero's StatusAttributeString."""
        if self.findings.errors:
            return "ERROR"
        return "WARNING" if self.findings.warnings else "OK"
