"""Which records of an endpoint a list request selects, and in which order.

Documents are made when they are looked at, so a plain page of a hundred thousand is chosen by
change stamp and id alone; only filters and `where` look into every record.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines.sandbox.documents import Document
from pipelines.sandbox.paging import ListRequest
from pipelines.sandbox.resources import Resource
from pipelines.sandbox.where import Record, parse_where, sort_by, value_at

if TYPE_CHECKING:
    from pipelines.sandbox.world import Organisation

OFFSET_PAGE = 100
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def select_ids(
    resource: Resource, organisation: Organisation, request: ListRequest, *, is_paged: bool
) -> list[str]:
    """Return the ids that a request selects.

    A paged list without `order` is by change stamp, then id (developer.xero.com); others keep the
    order of the organisation.

    Raises:
        QueryParseError: `where` or `order` cannot be understood.
    """
    records = organisation.records.get(resource.name, {})
    if is_paged:
        ordered = organisation.in_order(resource.name)
        if request.since is not None:
            first = bisect_left(ordered, request.since, key=lambda entry: entry[0] or _NEVER)
            ordered = ordered[first:]
        ids = [identity for _, identity in ordered]
    else:
        ids = list(records)
    if request.created_by_my_app:
        ids = [identity for identity in ids if identity in organisation.made_by_api]
    ids = _narrowed(resource, organisation, request, ids)
    if resource.number_field:
        return _behind_the_offset(resource, records, request)
    hides_archived = resource.archived_field is not None and not request.include_archived
    looks_inside = (
        request.filters or request.dates or request.search_term or request.where or request.order
    )
    if not (hides_archived or looks_inside or (request.since and not is_paged)):
        return ids
    chosen = filter_records(resource, (records[identity] for identity in ids), request)
    return [record[resource.id_field] for record in chosen]


def _behind_the_offset(
    resource: Resource, records: Mapping[str, Record], request: ListRequest
) -> list[str]:
    """Return the first 100 records behind a number, oldest first."""
    number = resource.number_field or ""
    chosen = filter_records(resource, records.values(), request)
    behind = [record for record in chosen if record[number] > request.offset]
    return [record[resource.id_field] for record in behind[:OFFSET_PAGE]]


# Where the values that lists filter by stand in a document, so that no record has to be made.
_OF_DOCUMENT: Mapping[str, Callable[[Document], str]] = {
    "InvoiceID": lambda document: document.document_id,
    "InvoiceNumber": lambda document: document.number,
    "Contact.ContactID": lambda document: document.contact_id,
    "Status": lambda document: document.status,
}


def _narrowed(
    resource: Resource, organisation: Organisation, request: ListRequest, ids: list[str]
) -> list[str]:
    """Leave out the documents that a list parameter rules out."""
    held = organisation.documents.get(resource.name)
    if held is None:
        return ids
    for path, values in request.filters:
        value = _OF_DOCUMENT.get(path)
        if value is None:
            continue
        ids = [identity for identity in ids if value(held[identity]).lower() in values]
    return ids


def filter_records(
    resource: Resource, records: Iterable[Record], request: ListRequest
) -> list[Record]:
    """Return the records that a request selects, in its `order` if it names one.

    Raises:
        QueryParseError: `where` or `order` cannot be understood.
    """
    archived, hidden = resource.archived_field, resource.hidden_status[0]
    if archived and not request.include_archived:
        records = (record for record in records if record.get(archived) != hidden)
    if request.since is not None:
        since = request.since
        stamp = resource.stamp_field
        records = (record for record in records if record.get(stamp, _NEVER) >= since)
    for path, values in request.filters:
        records = [
            record for record in records if str(value_at(record, path) or "").lower() in values
        ]
    for path, end, day in request.dates:
        records = [record for record in records if _is_within(value_at(record, path), end, day)]
    if request.search_term:
        records = (record for record in records if _mentions(resource, record, request.search_term))
    if request.where:
        records = filter(parse_where(request.where), records)
    return sort_by(records, request.order) if request.order else list(records)


def find_record(resource: Resource, organisation: Organisation, key: str) -> Record | None:
    """Return the record a single GET asks for: by id, or by number or code where Xero has it."""
    records = organisation.records.get(resource.name, {})
    wanted = key.lower()
    for identity in (key, wanted):
        if identity in records:
            return records[identity]
    fields = (resource.id_field, *resource.other_keys)
    return next(
        (
            record
            for record in map(records.__getitem__, list(records))
            if any(str(record.get(field) or "").lower() == wanted for field in fields)
        ),
        None,
    )


def _is_within(value: object, end: str, day: date) -> bool:
    if not isinstance(value, date):
        return False
    return value >= day if end == "from" else value <= day


def _mentions(resource: Resource, record: Record, term: str) -> bool:
    return any(term in str(record.get(name) or "").lower() for name in resource.search_fields)
