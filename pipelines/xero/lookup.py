"""Finds records in Xero by the external keys that we set, and reads them by their ids.

In: what is to be written. Out: what Xero holds of it, read by lists whose pages are followed to the
last one. Which lists find a key is in `external_keys`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines.push.operations import decode_json
from pipelines.push.writer import Held, Sending
from pipelines.record_log import decode
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import PAGE_SIZE
from pipelines.xero.errors import BadRequest
from pipelines.xero.external_keys import BY_KEY, MOST_CODES, OURS, is_findable, parts, tokens, where
from pipelines.xero.written import Written

GONE = frozenset({"DELETED", "VOIDED"})
UNPAGED = frozenset({"Items"})


class Lookup:
    """Reads one connection."""

    def __init__(self, client: XeroClient) -> None:
        self._client = client

    def by_key(
        self, tenant_id: str, written: Written, sendings: Sequence[Sending]
    ) -> dict[str, list[Held]]:
        """Return what is held under the keys of what is to be sent, by operation_id.

        Raises:
            BadRequest: A record has no key, and Xero was not asked; or Xero cannot answer.
        """
        payloads = [sending.payload for sending in sendings]
        if not all(is_findable(written.entity, one) for one in payloads):
            raise BadRequest(
                f"{written.entity}: without its key a record cannot be found again.", status=400
            )
        queries, matches = BY_KEY[written.entity]
        held: defaultdict[str, list[Held]] = defaultdict(list)
        for query in queries(payloads):
            for one in self._read(tenant_id, written, query):
                if not one.is_gone:
                    for token in tokens(written.entity, one.record):
                        held[token].append(one)
        found: dict[str, list[Held]] = {}
        for sending in sendings:
            unique = {}
            for token in sorted(tokens(written.entity, sending.payload)):
                for one in held[token]:
                    if how := matches(sending.payload, one.record):
                        unique[one.target_id] = replace(one, is_ours=how == OURS, found_by=how)
            found[sending.operation.operation_id] = list(unique.values())
        return found

    def by_id(self, tenant_id: str, written: Written, ids: Sequence[str]) -> dict[str, Held]:
        """Return records by the ids as they were given; those that are not there are left out."""
        wanted = {one.lower(): one for one in ids}
        if written.endpoint in ("Contacts", "Invoices"):
            queries = ({"IDs": ",".join(part)} for part in parts(list(wanted), ","))
        elif written.endpoint in UNPAGED and len(wanted) > MOST_CODES:
            queries = iter(({},))
        else:
            queries = where([f'{written.id_field}==Guid("{one}")' for one in wanted])
        return {
            wanted[one.target_id.lower()]: one
            for query in queries
            for one in self._read(tenant_id, written, query)
            if one.target_id.lower() in wanted
        }

    def _read(self, tenant_id: str, written: Written, query: Mapping[str, str]) -> Iterator[Held]:
        page = 1
        while True:
            paging = {} if written.endpoint in UNPAGED else {"page": page, "pageSize": PAGE_SIZE}
            found, _ = self._client.get_page(
                tenant_id,
                written.endpoint,
                written.endpoint,
                {**written.params, **query, **paging},
            )
            for record in found.records:
                yield held_of(written, bytes(record))
            if page >= found.page_count:
                return
            page += 1


def held_of(written: Written, raw: bytes) -> Held:
    """Return a record as it came; its version is the one that the raw log gives it."""
    record = decode_json(raw)
    status = record.get("Status" if written.is_document else "ContactStatus")
    settled = (record.get(name) for name in ("Payments", "Allocations", "CreditNotes"))
    return Held(
        target_id=record[written.id_field],
        number=record.get(written.number_field),
        record=record,
        version=decode(raw)[1],
        is_locked=written.is_document and (status not in written.open_statuses or any(settled)),
        is_gone=status in GONE,
    )
