"""What the push writes to Xero, as data: the entities of the push policy, and where they go.

The operations and batch sizes are those of Xero's documentation: about 50 elements a call, items at
most 500; PUT creates, POST updates; contacts cannot be deleted, documents are deleted by status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.push.operations import CREATE, DELETE, UPDATE
from pipelines.push.writer import Capability

BATCH = 50
ITEMS_BATCH = 500
_ALL = frozenset({CREATE, UPDATE, DELETE})


@dataclass(frozen=True)
class Written:
    """One entity.

    Attributes:
        endpoint: Xero's name, also the list's key.
        id_field: The field that Xero names a record by.
        number_field: The one that people do.
        capability: What can be done with it.
        params: Sent with every read of it.
        sends_unit_places: Whether `unitdp` is sent with writes.
        types: Of documents: the Types that are this entity.
        is_document: Whether it has a Status that decides if it may be changed.
        open_statuses: Of documents: those in which it may be. Xero lets a posted journal be changed
            and voided; which of ours may be is decided in dbt, and by a person.
    """

    entity: str
    endpoint: str
    id_field: str
    number_field: str
    capability: Capability
    params: Mapping[str, str] = field(default_factory=dict)
    sends_unit_places: bool = False
    types: frozenset[str] = frozenset()
    is_document: bool = False
    open_statuses: frozenset[str] = frozenset({"DRAFT", "SUBMITTED"})


_DOCUMENT = Capability(_ALL, BATCH, is_repairable=True, duplicate_rule="DOC_DUPLICATE")
_UNIT_PLACES = {"unitdp": "4"}

WRITTEN: dict[str, Written] = {
    each.entity: each
    for each in (
        Written(
            "items",
            "Items",
            "ItemID",
            "Code",
            Capability(_ALL, ITEMS_BATCH, deletes_singly=True, duplicate_rule="ITEM_EXISTS"),
            params=_UNIT_PLACES,
            sends_unit_places=True,
        ),
        Written(
            "contacts",
            "Contacts",
            "ContactID",
            "ContactNumber",
            Capability(frozenset({CREATE, UPDATE}), BATCH, duplicate_rule="TPL_INCOMPLETE"),
            params={"includeArchived": "true"},
        ),
        Written(
            "invoices",
            "Invoices",
            "InvoiceID",
            "InvoiceNumber",
            _DOCUMENT,
            params=_UNIT_PLACES,
            sends_unit_places=True,
            types=frozenset({"ACCREC"}),
            is_document=True,
        ),
        Written(
            "bills",
            "Invoices",
            "InvoiceID",
            "InvoiceNumber",
            _DOCUMENT,
            params=_UNIT_PLACES,
            sends_unit_places=True,
            types=frozenset({"ACCPAY"}),
            is_document=True,
        ),
        Written(
            "credit_notes",
            "CreditNotes",
            "CreditNoteID",
            "CreditNoteNumber",
            _DOCUMENT,
            params=_UNIT_PLACES,
            sends_unit_places=True,
            types=frozenset({"ACCRECCREDIT", "ACCPAYCREDIT"}),
            is_document=True,
        ),
        Written(
            "manual_journals",
            "ManualJournals",
            "ManualJournalID",
            "Narration",
            Capability(
                _ALL,
                BATCH,
                is_repairable=True,
                duplicate_rule="DOC_DUPLICATE",
                warning_rule="JNL_WARNING",
            ),
            is_document=True,
            open_statuses=frozenset({"DRAFT", "POSTED"}),
        ),
    )
}
