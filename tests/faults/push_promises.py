"""What must be true of an applied plan, whatever went wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from other_systems import is_in_ledger
from push_schedules import Ended

OF_NEW_CONTACTS_ONLY = (
    *("SalesTrackingCategories", "PurchasesTrackingCategories", "TrackingCategoryName"),
    *("SalesDefaultAccountCode", "PurchasesDefaultAccountCode", "BrandingTheme", "PaymentTerms"),
)
NEW_CONTACTS = ("workguru:1", "workguru:2", "workguru:3", "workguru:4")


def broken_promises(ended: Ended, undisturbed: Ended) -> list[str]:
    """Return what is not as it must be; nothing if all is well."""
    return [
        *_same_records(ended, undisturbed),
        *_same_outcomes(ended, undisturbed),
        *_accounted_for(ended),
        *_template_values_sent_once(ended),
    ]


def _same_records(ended: Ended, undisturbed: Ended) -> Iterable[str]:
    for record in (ended.held - undisturbed.held).elements():
        yield f"twice, or other than it should be: {record[:200]}"
    for record in (undisturbed.held - ended.held).elements():
        yield f"lost: {record[:200]}"


def _same_outcomes(ended: Ended, undisturbed: Ended) -> Iterable[str]:
    for label, status in undisturbed.statuses.items():
        if ended.statuses[label] != status:
            yield f"{label} is {ended.statuses[label]} instead of {status}"


def _accounted_for(ended: Ended) -> Iterable[str]:
    """Every write that reached a system was in the ledger before: in Xero under its key."""
    known = {attempt["idempotency_key"] for attempt in ended.attempts}
    paths = {attempt["path"] for attempt in ended.attempts}
    for call in ended.calls:
        if call.path.startswith(("/prospect/", "/workguru/")):
            is_known = is_a_read(call) or is_in_ledger(call.path, paths)
        else:
            is_known = call.method == "GET" or call.headers.get("idempotency-key") in known
        if not is_known:
            yield f"{call.method} {call.path} is not in the ledger"


def is_a_read(call: Any) -> bool:
    """Whether a call changes nothing; WorkGuru's methods say by their names."""
    return call.method == "GET" or (call.path.startswith("/workguru/") and "/Get" in call.path)


def _template_values_sent_once(ended: Ended) -> Iterable[str]:
    for call in ended.calls:
        if call.method == "GET" or not call.path.startswith("/Contacts"):
            continue
        for contact in json.loads(call.body)["Contacts"]:
            is_new = call.method == "PUT" and contact.get("ContactNumber") in NEW_CONTACTS
            lost = [name for name in OF_NEW_CONTACTS_ONLY if name in _names(contact)]
            if lost and not is_new:
                yield f"{call.method} of an existing contact with {', '.join(lost)}"
            if is_new and "ContactID" in contact:
                yield "a create that names an existing contact"


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for one in value.values() for name in _names(one)}
    return {name for one in value for name in _names(one)} if isinstance(value, list) else set()
