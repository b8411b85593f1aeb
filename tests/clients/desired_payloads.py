"""The desired states of Xero as the warehouse holds them, and how to send them without a ledger.

    with DesiredSender(server) as sender:
        sent = sender.send_all(desired_records(demo.rows))
        write_ledger(warehouse, sent)

Placeholders are filled from what was sent before, in the order of the entities.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import msgspec
from xero_writes import Outcome, XeroWriter

from pipelines.sandbox.server import SandboxServer
from pipelines.warehouse import Warehouse

ENDPOINTS = {
    "items": ("Items", "ItemID"),
    "contacts": ("Contacts", "ContactID"),
    "invoices": ("Invoices", "InvoiceID"),
    "bills": ("Invoices", "InvoiceID"),
    "credit_notes": ("CreditNotes", "CreditNoteID"),
    "manual_journals": ("ManualJournals", "ManualJournalID"),
}
STOPPING = frozenset({"block", "hold", "skip"})
_PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}")
_COLUMNS = (
    *("tenant_id", "record_key", "operation_hint", "payload", "payload_hash", "label"),
    *("findings", "facts", "target_id"),
)


@dataclass(frozen=True)
class Desired:
    """One row of a relation, and the entity that it is of."""

    entity: str
    row: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What placeholders call it."""
        return f"xero__{self.entity}/{self.row['record_key']}"

    @property
    def is_sendable(self) -> bool:
        """Whether there is something to write, and nothing in its way."""
        severities = {found["severity"] for found in json.loads(self.row["findings"])}
        return self.row["operation_hint"] != "none" and not severities & STOPPING


@dataclass(frozen=True)
class SentRecord:
    """A record with the element that went out, and what came of it."""

    desired: Desired
    element: Mapping[str, Any]
    outcome: Outcome
    target_id: str


def desired_records(
    rows: Callable[[str], list[tuple[Any, ...]]], entities: Iterable[str] = ENDPOINTS
) -> list[Desired]:
    """Return every record of every relation, or of some, in the order of sending."""
    return [
        Desired(entity, dict(zip(_COLUMNS, row, strict=True)))
        for entity in entities
        for row in rows(
            f"select {', '.join(_COLUMNS)} from push.xero__{entity} order by tenant_id, record_key"  # noqa: S608
        )
    ]


class DesiredSender:
    """Sends to all organisations of a running sandbox; `checker` as in `XeroWriter`."""

    def __init__(self, server: SandboxServer, checker: Any = None) -> None:
        self._server, self._checker = server, checker
        self._stack = ExitStack()
        self._writers: dict[str, XeroWriter] = {}
        self._ids: dict[tuple[str, str], str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def problems(self) -> list[str]:
        """What the checker has found so far."""
        return [problem for writer in self._writers.values() for problem in writer.problems]

    def send_all(self, records: list[Desired]) -> list[SentRecord]:
        """Send each record that can be, one a call, and return what came of it."""
        return [self._send(record) for record in records if record.is_sendable]

    def _send(self, record: Desired) -> SentRecord:
        tenant = record.row["tenant_id"]
        if tenant not in self._writers:
            writer = XeroWriter(self._server, tenant, checker=self._checker)
            self._writers[tenant] = self._stack.enter_context(writer)
        text = _PLACEHOLDER.sub(
            lambda found: self._ids.get((tenant, found[1]), found[0]), record.row["payload"]
        )
        element = msgspec.json.decode(text)
        endpoint, id_field = ENDPOINTS[record.entity]
        if record.row["operation_hint"] == "delete":
            element[id_field] = record.row["target_id"]
        (outcome,) = self._writers[tenant].send(endpoint, [element])
        target_id = outcome.record.get(id_field, "")
        self._ids[tenant, record.name] = target_id
        return SentRecord(record, element, outcome, target_id)


def write_ledger(warehouse: Warehouse, sent: list[SentRecord], at: datetime) -> None:
    """Add what was sent to the raw log of the push ledger, as confirmed."""
    rows = [
        (
            one.desired.row["tenant_id"],
            f"operation-{number}",
            f"version-{number}",
            at,
            json.dumps(
                {
                    "target": "xero",
                    "entity": one.desired.entity,
                    "record_key": one.desired.row["record_key"],
                    "operation": one.desired.row["operation_hint"],
                    "target_id": one.target_id,
                    "payload": one.desired.row["payload"],
                    "payload_hash": one.desired.row["payload_hash"],
                    "facts": one.desired.row["facts"],
                    "label": one.desired.row["label"],
                    "status": "confirmed",
                    "changed_at": at.isoformat(),
                }
            ),
        )
        for number, one in enumerate(sent)
    ]
    with warehouse.lock("a test"), warehouse.connect() as connection:
        connection.executemany(
            "insert into raw_push.operations (tenant_id, record_id, version_hash, extracted_at,"
            " payload, is_deleted, _dlt_load_id) values (?, ?, ?, ?, ?, false, 'test')",
            rows,
        )
