"""Records that name something, shown with what that is called today.

Ids are kept; names and codes are looked up when a record is read, whether or not its own change
stamp moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import Names, to_record
from pipelines.sandbox.documents import Document


class DocumentRecords(Mapping[str, Record]):
    """The documents of one endpoint as records, each made when it is asked for."""

    def __init__(self, documents: Mapping[str, Document], names: Names) -> None:
        self._documents, self._names = documents, names

    def __getitem__(self, identity: str) -> Record:
        return to_record(self._documents[identity], self._names)

    def __contains__(self, identity: object) -> bool:
        return identity in self._documents

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


class NamedRecords(Mapping[str, Record]):
    """Records as they are kept, each shown with what its bearers are called today."""

    def __init__(self, held: Mapping[str, Record], names: Names) -> None:
        self._held, self._names = held, names

    def __getitem__(self, identity: str) -> Record:
        return with_present_names(self._held[identity], self._names)

    def __contains__(self, identity: object) -> bool:
        return identity in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


def with_present_names(record: Record, names: Names) -> Record:
    """Return the record with the present names of contact, accounts and tracking options."""
    shown = dict(record)
    contact = record.get("Contact")
    if contact:
        shown["Contact"] = {**contact, "Name": names.contact_name(contact["ContactID"])}
    if "LineItems" in record:
        shown["LineItems"] = [_line(line, names) for line in record["LineItems"]]
    return shown


def _line(line: Record, names: Names) -> Record:
    account_id = line.get("AccountID")
    code = names.account_code(account_id) if account_id else None
    tracking = [_option(one, names) for one in line.get("Tracking", ())]
    return {**line, **({"AccountCode": code} if code else {}), "Tracking": tracking}


def _option(element: Record, names: Names) -> dict[str, Any]:
    found = names.option_names(element["TrackingOptionID"])
    return {**element, "Name": found.category, "Option": found.option} if found else element
