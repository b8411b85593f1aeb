"""Which documents may change, and how: statuses, payments and lock dates.

Statuses are those of the reference: DRAFT and SUBMITTED may become each other, AUTHORISED or
DELETED; AUTHORISED only VOIDED; PAID is the system's; VOIDED and DELETED are final.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipelines.sandbox.document_records import line_id
from pipelines.sandbox.documents import GONE, Document
from pipelines.sandbox.write_call import Findings, WriteCall

HAS_PAYMENTS = "This document cannot be edited as it has a payment or credit note allocated to it."
_OPEN = frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"})
DOCUMENT_STATUSES: Mapping[str, frozenset[str]] = {
    "": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED"}),
    "DRAFT": _OPEN,
    "SUBMITTED": _OPEN,
    "AUTHORISED": frozenset({"AUTHORISED", "VOIDED"}),
    "PAID": frozenset({"PAID"}),
    "VOIDED": frozenset(),
    "DELETED": frozenset(),
}
JOURNAL_STATUSES: Mapping[str, frozenset[str]] = {
    "": frozenset({"DRAFT", "POSTED"}),
    "DRAFT": frozenset({"DRAFT", "POSTED", "DELETED"}),
    "POSTED": frozenset({"POSTED", "VOIDED"}),
    "VOIDED": frozenset(),
    "DELETED": frozenset(),
    "ARCHIVED": frozenset(),
}


def check_status(
    statuses: Mapping[str, frozenset[str]],
    former: str,
    status: str,
    call: WriteCall,
    found: Findings,
) -> bool:
    """Whether a status may follow another (`former` is empty for what is new); else the reason."""
    if status in statuses[former]:
        return True
    found.refuse(f"{call.noun} not of valid status for {'modification' if former else 'creation'}")
    return False


def check_lock_dates(call: WriteCall, found: Findings, *dates: date) -> None:
    """Refuse what would move the books on or before a lock date.

    Give the dates of what is posted: before the change, after it, or both.
    """
    settings = call.organisation.settings
    locks = [("end of year", settings.get("EndOfYearLockDate"))]
    if not call.rules.posts_as_adviser:
        locks.append(("period", settings.get("PeriodLockDate")))
    for name, lock in locks:
        if lock is not None and any(one <= lock for one in dates):
            found.refuse(
                f"The document date cannot be before the {name} lock date, "
                f"currently set at {lock:%d-%b-%Y}"
            )
            return


def is_settled(document: Document) -> bool:
    """Whether something was paid on a document, or credited to or from it."""
    return bool(document.payments or document.allocations)


def check_settled(document: Document, previous: Document, call: WriteCall, found: Findings) -> None:
    """Refuse a change that payments or credits forbid; users report both texts together.

    Allowed are reference, due date, number, branding theme, link and contact, and of each line
    its description, account and tracking.
    """
    if not is_settled(previous):
        return
    if document.status in GONE or _frozen(document) != _frozen(previous):
        found.refuse(f"{call.noun} not of valid status for modification")
        found.refuse(HAS_PAYMENTS)


def _frozen(document: Document) -> object:
    lines = [
        (
            line_id(document.document_id, position, line),
            *(line.quantity, line.unit_amount, line.line_amount, line.tax_type, line.tax_amount),
            *(line.discount_rate, line.discount_amount, line.item_id),
        )
        for position, line in enumerate(document.lines)
    ]
    heading = (document.type, document.date, document.currency, document.rate)
    return heading, document.status, document.line_amount_types, lines
