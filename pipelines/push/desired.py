"""The desired state: what dbt says each target should hold, as the published file has it.

In: the relations `push.<target>__<entity>`. Out: `DesiredRecord`s in the order of sending. Which
records there are, what their payloads say and what is in their way is decided in dbt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.push.operations import decode_json

SCHEMA = "push"

ORDER: tuple[tuple[str, str], ...] = (
    ("xero", "items"),
    ("xero", "contacts"),
    ("xero", "invoices"),
    ("xero", "bills"),
    ("xero", "credit_notes"),
    ("xero", "manual_journals"),
    ("prospect", "product_items"),
    ("prospect", "sales_ledgers"),
    ("prospect", "xero_analysis_codes"),
    ("prospect", "sales_transactions"),
    ("workguru", "sent_marks"),
)
"""What is sent before what: documents need their contacts and items, marks their documents."""

STOPPING = ("block", "hold", "skip")
"""Severities of a finding that keep a record from being written."""

Rows = Callable[..., list[dict[str, Any]]]

_RELATIONS = "select table_name from information_schema.tables where table_schema = 'push'"
_COLUMNS = (
    *("tenant_id", "record_key", "operation_hint", "payload", "payload_hash", "label"),
    *("target_id", "held_payload", "held_version", "findings", "facts", "depends_on"),
    *("source_system", "source_record_id", "snapshot_id"),
)


@dataclass(frozen=True)
class DesiredRecord:
    """One row of a `push` relation, its JSON decoded; `payload_text` is the payload as it stands.

    `operation_hint` is create, update, delete, mark or none; `held_payload` the payload's fields
    as the target holds them, None where it does not hold the record.
    """

    target: str
    entity: str
    tenant_id: str
    record_key: str
    operation_hint: str
    payload: Mapping[str, Any]
    payload_text: str
    payload_hash: str
    label: str
    target_id: str | None
    held_payload: Mapping[str, Any] | None
    held_version: str | None
    findings: tuple[Mapping[str, Any], ...]
    facts: Mapping[str, Any]
    depends_on: tuple[str, ...]
    source_system: str | None
    source_record_id: str | None
    snapshot_id: str | None

    @property
    def reference(self) -> str:
        """Return what `depends_on` and placeholders call it."""
        return f"{self.target}__{self.entity}/{self.record_key}"

    @property
    def is_stopped(self) -> bool:
        """Whether a finding keeps it from being written."""
        return any(finding["severity"] in STOPPING for finding in self.findings)


def read_desired(rows: Rows, targets: Sequence[str] | None = None) -> list[DesiredRecord]:
    """Return the desired records of the targets (None: all), in the order of sending.

    Args:
        rows: Runs a query on the published file and gives its rows by column name.
        targets: Systems to write to.
    """
    held = [tuple(row["table_name"].split("__", 1)) for row in rows(_RELATIONS)]
    relations = [each for each in held if len(each) == 2]
    place = {relation: number for number, relation in enumerate(ORDER)}
    return [
        desired_record(target, entity, row)
        for target, entity in sorted(relations, key=lambda each: (place.get(each, 99), each))
        if targets is None or target in targets
        for row in rows(
            f'select {", ".join(_COLUMNS)} from push."{target}__{entity}"'  # noqa: S608
            " order by tenant_id, record_key"
        )
    ]


def desired_record(target: str, entity: str, row: Mapping[str, Any]) -> DesiredRecord:
    """Return a row of `push.<target>__<entity>` as a record."""
    columns = dict(row)
    text = columns["payload"] or "{}"
    held = columns["held_payload"]
    columns |= {
        "payload": decode_json(text),
        "payload_text": text,
        "held_payload": None if held is None else decode_json(held),
        "findings": tuple(decode_json(columns["findings"] or "[]")),
        "facts": decode_json(columns["facts"] or "{}"),
        "depends_on": tuple(decode_json(columns["depends_on"] or "[]")),
    }
    return DesiredRecord(target=target, entity=entity, **columns)
