"""Finds the outgoing document that a person means, in the published file.

In: a number, an id, or `system:type:id` as the messages here print it. Out: one row of
`coding.documents`, or an error that lists what else it may be.
"""

from __future__ import annotations

import difflib
from typing import Any

from orchestration.errors import CannotRun
from orchestration.published_file import PublishedFile

SHOWN_AT_MOST = 8
LIKENESS = 0.6

_BY_NAME = """
    select * from coding.documents
    where document_id = $name or lower(document_number) = lower($name)
    order by tenant_id, source_system, document_type, document_id
"""
_BY_KEY = """
    select * from coding.documents
    where source_system = $system and document_type = $type and document_id = $id
        and ($tenant is null or tenant_id = $tenant)
    order by tenant_id
"""
_NUMBERS = "select distinct coalesce(document_number, document_id) as number from coding.documents"


class UnknownDocument(CannotRun):
    """No document is called so; the message names those with the nearest numbers."""


class AmbiguousDocument(CannotRun):
    """Several documents are called so; the message lists them."""


def find_document(file: PublishedFile, name: str) -> dict[str, Any]:
    """Return the document that `name` means.

    Args:
        file: The published file.
        name: Its number or id, `system:type:id`, or `organisation's id:system:type:id`.

    Raises:
        UnknownDocument: There is none.
        AmbiguousDocument: There are several.
    """
    found = file.rows(_BY_NAME, {"name": name}) or _by_key(file, name)
    if not found:
        raise UnknownDocument(_unknown(file, name))
    if len(found) > 1:
        raise AmbiguousDocument(_ambiguous(name, found))
    return found[0]


def _by_key(file: PublishedFile, name: str) -> list[dict[str, Any]]:
    parts = name.split(":")
    if len(parts) not in (3, 4):
        return []
    tenant, system, kind, identity = [None, *parts][-4:]
    return file.rows(_BY_KEY, {"tenant": tenant, "system": system, "type": kind, "id": identity})


def _unknown(file: PublishedFile, name: str) -> str:
    numbers = [row["number"] for row in file.rows(_NUMBERS)]
    if not numbers:
        return (
            f"There is no document {name}: none was read from a source system yet. Connect one in"
            " connections.toml and run `xero-crm run`."
        )
    wanted = name.rsplit(":", 1)[-1].lower()
    by_lower = {number.lower(): number for number in sorted(numbers, reverse=True)}
    near = difflib.get_close_matches(wanted, by_lower, n=5, cutoff=LIKENESS)
    meant = f" Did you mean {', '.join(by_lower[each] for each in near)}?" if near else ""
    return (
        f"There is no outgoing document {name} in the published file.{meant} A document that was"
        " entered since the last run is there after the next `xero-crm run`."
    )


def _ambiguous(name: str, found: list[dict[str, Any]]) -> str:
    several_organisations = len({row["tenant_id"] for row in found}) > 1
    listed = []
    for row in found[:SHOWN_AT_MOST]:
        key = f"{row['source_system']}:{row['document_type']}:{row['document_id']}"
        key = f"{row['tenant_id']}:{key}" if several_organisations else key
        facts = [str(row[each]) for each in ("document_date", "contact_name") if row[each]]
        if several_organisations and row["organisation_name"]:
            facts.insert(0, row["organisation_name"])
        listed.append(f"{key} ({', '.join(facts)})" if facts else key)
    more = len(found) - len(listed)
    rest = f", and {more} more" if more else ""
    return f"{name} is {len(found)} documents; name one: {'; '.join(listed)}{rest}."
