"""Reads WorkGuru's lists: which pages, which records by themselves, and do they fit.

In: the client (HTTP) and what is to be read. Out: `EndpointRead`s, whose batches land in the raw
log. A list without lines costs one call more for each record that is new or has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipelines.connections import WorkGuruConnection
from pipelines.endpoint_read import EndpointRead, PageReader, Progress, UnstableRead
from pipelines.failures import BadRequest
from pipelines.landing import Landing
from pipelines.record_log import HeldVersion, decode, parse_stamp
from pipelines.settings import Credentials
from pipelines.workguru.client import ListAnswer, WorkGuruClient
from pipelines.workguru.endpoints import ENDPOINTS, ID_FIELD, PAGE_SIZE, STAMP, Endpoint

SYSTEM = "workguru"
DATASET = "raw_workguru"
MAX_REPEATS = 3


def open_client(
    connection: WorkGuruConnection, credentials: Credentials, home: Path
) -> WorkGuruClient:
    """Return a client of a connection.

    Raises:
        WrongCredentials: The API key or its secret is not set.
    """
    return WorkGuruClient(connection, credentials, home)


def reads(
    client: WorkGuruClient,
    tenant_id: str,
    landing: Landing,
    *,
    cursors: Mapping[str, datetime],
    full: bool = False,
    progress: Progress | None = None,
) -> list[EndpointRead]:
    """Prepare the reads of all lists; nothing is called yet.

    Args:
        client: Calls WorkGuru.
        tenant_id: The organisation that the connection belongs to.
        landing: What the raw log holds.
        cursors: Not used: WorkGuru offers no read of changes alone.
        full: Ask for every record by itself, changed or not, and take an empty list as it is.
        progress: Told a line per page.
    """
    del cursors
    return [
        endpoint_read(client, tenant_id, endpoint, landing, full=full, progress=progress)
        for endpoint in ENDPOINTS.values()
    ]


def endpoint_read(
    client: WorkGuruClient,
    tenant_id: str,
    endpoint: Endpoint,
    landing: Landing,
    *,
    full: bool = False,
    progress: Progress | None = None,
) -> EndpointRead:
    """Prepare the read of one list; the arguments are those of `reads`."""

    def pages(reader: PageReader) -> Iterator[None]:
        held = landing.held(endpoint.table, tenant_id).versions if endpoint.find_method else {}
        return _ListRead(
            client, endpoint, {} if full else held, reader, progress or (lambda _: None)
        ).pages()

    return EndpointRead(
        system=SYSTEM,
        tenant_id=tenant_id,
        table=endpoint.table,
        id_field=ID_FIELD,
        stamp_field=STAMP,
        landing=landing,
        mode="whole",
        pages=pages,
        usage=lambda: client.usage(endpoint.table),
        accept_empty=full,
    )


class _Listed(NamedTuple):
    payload: msgspec.Raw
    fields: Mapping[str, Any]
    record_id: str


@dataclass
class _ListRead:
    """One read of one list: its records in pages, those without lines one by one."""

    client: WorkGuruClient
    endpoint: Endpoint
    held: Mapping[str, HeldVersion]
    reader: PageReader
    progress: Progress
    refused: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)

    def pages(self) -> Iterator[None]:
        """Read the list, again where it moved meanwhile.

        Raises:
            UnstableRead: It moved each time.
            BadRequest: Some records could not be had by themselves; the others were kept.
        """
        for _ in range(1 + MAX_REPEATS):
            seen: list[str] = []
            total: int | None = None
            while True:
                answer = self._page(len(seen))
                fresh = self._new(answer, seen)
                yield from self._take(answer, fresh)
                total = answer.total_count
                self.progress(f"{self.endpoint.name}: {len(seen)} of {total or len(seen)}")
                if not fresh or not self._goes_on(answer, len(seen)):
                    break
            if total is None or len(seen) == total == len(set(seen)):
                self.reader.seen.update(seen)
                self._complain()
                return
        raise UnstableRead(
            f"{self.endpoint.name} changed while it was read, {1 + MAX_REPEATS} times in a row. "
            "What was read is kept; the next run reads it again."
        )

    def _page(self, skip: int) -> ListAnswer:
        paging = {"MaxResultCount": str(PAGE_SIZE), "SkipCount": str(skip)}
        params = {**self.endpoint.params, **paging}
        return self.client.get_list(self.endpoint.list_method, params, key=self.endpoint.table)

    def _new(self, answer: ListAnswer, seen: list[str]) -> list[_Listed]:
        """Return the records of an answer and note their ids.

        A bare array may be the whole list whatever was asked for: what it repeats is left out.
        """
        known = set(seen) if answer.total_count is None else set()
        fresh = [one for one in map(_listed, answer.records) if one.record_id not in known]
        seen += [one.record_id for one in fresh]
        return fresh

    def _goes_on(self, answer: ListAnswer, count: int) -> bool:
        if answer.total_count is None:
            return len(answer.records) == PAGE_SIZE  # it may have been cut there
        return count < answer.total_count

    def _take(self, answer: ListAnswer, fresh: Sequence[_Listed]) -> Iterator[None]:
        """Log the records that are whole, and ask for the others that are not known as they are."""
        whole = [one.payload for one in fresh if self._is_whole(one)]
        self.reader.show(whole, answer.received_at, answer.total_count)
        yield
        for one in fresh:
            if not self._is_whole(one) and one.record_id not in self.found and self._is_news(one):
                self._find(one.record_id, answer.total_count)
                yield

    def _find(self, record_id: str, total: int | None) -> None:
        method = self.endpoint.find_method
        try:
            record, received_at = self.client.get_one(method, record_id, key=self.endpoint.table)
        except BadRequest as error:  # one bad record never stops the others
            self.refused.append(f"{record_id} ({error})")
            return
        self.reader.show([record], received_at, total)
        self.found.add(record_id)

    def _is_whole(self, one: _Listed) -> bool:
        wanted = self.endpoint.whole_if
        return not wanted or any(one.fields.get(name) is not None for name in wanted)

    def _is_news(self, one: _Listed) -> bool:
        held, stamp = self.held.get(one.record_id), parse_stamp(one.fields.get(STAMP))
        if held is None or held.is_deleted or stamp is None:
            return True
        return held.record_updated_at != stamp

    def _complain(self) -> None:
        if self.refused:
            raise BadRequest(
                f"{self.endpoint.name}: {len(self.refused)} records could not be read: "
                f"{self.refused[0]}. The others were."
            )


def _listed(payload: msgspec.Raw) -> _Listed:
    fields, digest = decode(payload)
    found = fields.get(ID_FIELD)
    # One without an id is logged under its hash, and reported.
    return _Listed(payload, fields, digest if found in (None, "") else str(found))
