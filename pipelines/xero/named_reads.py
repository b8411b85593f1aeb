"""Reads records by their ids, as the same list shows them, so that a version is comparable.

Xero's webhooks name records and nothing else. Contacts and invoices are asked for in batches of
ids; the other lists have no such parameter and are asked for one record at a time, by a filter on
the id. A single GET would cost as much, and shows more fields than the list: every record would
change its version twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.endpoint_read import PageReader
from pipelines.failures import CallFailure
from pipelines.xero.endpoints import PAGE_SIZE, Endpoint
from pipelines.xero.page_reads import Ask, Get

BATCH = 40  # ids in one call; more make the address too long (developer.xero.com, Invoices)
_BY_IDS = frozenset({"Contacts", "Invoices"})
_ONE_PAGE = {"page": "1", "pageSize": str(PAGE_SIZE)}  # without a page, lists have no lines


def read_named(
    endpoint: Endpoint, get: Get, ids: Sequence[str], reader: PageReader
) -> Iterator[None]:
    """Read these records; one that Xero does not have is left as it is.

    Raises:
        CallFailure: Xero refused, or no whole answer came.
    """
    batch = BATCH if endpoint.name in _BY_IDS else 1
    for start in range(0, len(ids), batch):
        wanted = ids[start : start + batch]
        if endpoint.name in _BY_IDS:
            params = {"IDs": ",".join(wanted)}
        else:
            params = {"where": f'{endpoint.id_field} == Guid("{wanted[0]}")'}
        page, answer = get(Ask(params=params), _ONE_PAGE)
        shown = reader.show(page.records, answer.received_at, reader.item_count)
        yield
        if absent := sorted(set(wanted) - {each.lower() for each in shown}):
            reader.remarks.append(f"Xero told of a change of {', '.join(absent)} and has it not.")


def read_named_after_changes(
    endpoint: Endpoint, get: Get, ids: Sequence[str], reader: PageReader
) -> Iterator[None]:
    """Read these records after the changes; trouble leaves them for the next run."""
    reader.hold_cursor()
    try:
        yield from read_named(endpoint, get, ids, reader)
    except CallFailure as error:
        reader.named_failed = True
        reader.remarks.append(f"Records that Xero told of wait for the next run: {error}")
