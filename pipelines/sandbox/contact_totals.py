"""What Xero derives about a contact from its documents: customer or supplier, and balances.

These move without the contact's change stamp, as in Xero. "Overdue" is counted at the date of the
organisation's latest document, so that the same files always give the same record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import CREDITS, GONE, POSTED, SALES, ZERO, Document


class Holder(Protocol):
    """An organisation, as far as these totals look at it."""

    documents: dict[str, dict[str, Document]]

    @property
    def records(self) -> Mapping[str, Mapping[str, Record]]:
        """The records by endpoint and id."""
        ...


def contact_totals(
    organisation: Holder, contacts: Collection[str] | None = None
) -> dict[str, Record]:
    """Return the derived fields of the given contacts, or of all, by ContactID."""
    wanted = [
        identity
        for identity in organisation.records["Contacts"]
        if contacts is None or identity in contacts
    ]
    sides: dict[str, list[list[Decimal]]] = {
        identity: [[ZERO, ZERO], [ZERO, ZERO]] for identity in wanted
    }
    roles: dict[str, set[bool]] = {identity: set() for identity in wanted}
    documents = [held for group in organisation.documents.values() for held in group.values()]
    today = max((document.date for document in documents), default=date.min)
    for document in documents:
        if document.contact_id not in sides or document.status in GONE:
            continue
        is_sale = document.type in SALES
        roles[document.contact_id].add(is_sale)
        if document.status in POSTED:
            due = -document.due if document.type in CREDITS else document.due
            totals = sides[document.contact_id][not is_sale]
            totals[0] += due
            if document.due_date is not None and document.due_date < today:
                totals[1] += due
    return {identity: _fields(sides[identity], roles[identity]) for identity in wanted}


def _fields(sides: list[list[Decimal]], roles: set[bool]) -> Record:
    receivable, payable = (
        {"Outstanding": outstanding, "Overdue": overdue} for outstanding, overdue in sides
    )
    balances = {"AccountsReceivable": receivable, "AccountsPayable": payable}
    return {"IsCustomer": True in roles, "IsSupplier": False in roles, "Balances": balances}
