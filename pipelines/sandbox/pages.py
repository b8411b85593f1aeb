"""The bodies of list answers, kept until the organisation changes.

A body is everything behind the envelope's head, so that a page once made is sent as bytes with a
new Id and time in front. What is held is dropped as soon as `Organisation.version` moves, and the
oldest is dropped when it outgrows `MAX_BYTES`.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import TYPE_CHECKING

from pipelines.sandbox.paging import ListRequest, Page, Rendering
from pipelines.sandbox.rendering import encode, to_wire
from pipelines.sandbox.resources import Resource
from pipelines.sandbox.selection import select_ids
from pipelines.sandbox.where import Record

if TYPE_CHECKING:
    from pipelines.sandbox.world import Organisation

MAX_BYTES = 1 << 30
MAX_SELECTIONS = 32


class HighVolumeError(Exception):
    """The list selects more records than Xero reads for one request (error 51)."""


class Pages:
    """Selects and renders the lists of one organisation."""

    def __init__(self, organisation: Organisation, max_documents: int | None) -> None:
        self._organisation = organisation
        self._max_documents = max_documents
        self._version = organisation.version
        self._selections: dict[Hashable, list[str]] = {}
        self._bodies: dict[Hashable, bytes] = {}
        self._bytes = 0
        self._lock = threading.Lock()  # prerendering runs in the caller's thread

    def select(
        self, resource: Resource, request: ListRequest, page: Page | None
    ) -> tuple[list[Record], dict[str, int] | None]:
        """Return the records of one answer and its `pagination`, None unless paging.

        Raises:
            HighVolumeError: Too many records are selected, over all pages.
            QueryParseError: `where` or `order` cannot be understood.
        """
        with self._lock:
            self._forget_if_changed()
            return self._select(resource, request, page)

    def json_body(
        self, resource: Resource, request: ListRequest, page: Page | None, rendering: Rendering
    ) -> bytes:
        """Return the JSON behind the envelope's head, from `"pagination"` to the closing brace."""
        key = (resource.name, request, page, rendering)
        with self._lock:
            self._forget_if_changed()
            body = self._bodies.get(key)
            if body is None:
                records, pagination = self._select(resource, request, page)
                body = json_tail(resource, records, pagination, rendering)
                self._keep(key, body)
            return body

    def _select(
        self, resource: Resource, request: ListRequest, page: Page | None
    ) -> tuple[list[Record], dict[str, int] | None]:
        key = (resource.name, request, page is not None)
        chosen = self._selections.get(key)
        if chosen is None:
            chosen = select_ids(resource, self._organisation, request, is_paged=page is not None)
            while len(self._selections) >= MAX_SELECTIONS:
                del self._selections[next(iter(self._selections))]
            self._selections[key] = chosen
        if resource.is_paged and self._max_documents and len(chosen) > self._max_documents:
            raise HighVolumeError
        records = self._organisation.records.get(resource.name, {})
        if page is None:
            return [records[identity] for identity in chosen], None
        first = (page.number - 1) * page.size
        shown = chosen[first : first + page.size]
        pagination = page.describe(len(chosen)) if resource.tells_pages else None
        return [records[identity] for identity in shown], pagination

    def _forget_if_changed(self) -> None:
        if self._version != self._organisation.version:
            self._version = self._organisation.version
            self._selections.clear()
            self._bodies.clear()
            self._bytes = 0

    def _keep(self, key: Hashable, body: bytes) -> None:
        self._bodies[key] = body
        self._bytes += len(body)
        while self._bytes > MAX_BYTES and len(self._bodies) > 1:
            self._bytes -= len(self._bodies.pop(next(iter(self._bodies))))


def json_tail(
    resource: Resource,
    records: list[Record],
    pagination: dict[str, int] | None,
    rendering: Rendering,
) -> bytes:
    """Return `"pagination":{…},"<list>":[…]}`."""
    parts = [b'"pagination":', encode(pagination), b","] if pagination is not None else []
    listed = encode([to_wire(resource, record, rendering) for record in records])
    return b"".join([*parts, b'"', resource.list_key.encode(), b'":', listed, b"}"])
