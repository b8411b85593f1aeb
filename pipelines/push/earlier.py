"""What was sent before: the last thing that became of each record, from the ledger.

In: the ledger. Out: an `Earlier` per record, and the targets' ids of what was confirmed. The plan
needs it beside the published file, which may be older than the latest apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, select

from pipelines.push.desired import STOPPING
from pipelines.push.operations import decode_json
from pipelines.push.tables import ATTEMPTS, OPERATIONS, PLANS

RecordKey = tuple[str, str, str, str]
"""(tenant_id, target, entity, record_key): what names a record through all plans."""

ACTED_ON = ("sent", "confirmed", "rejected", "dropped_fields", "unknown", "skipped")
WITHDRAWN = "WITHDRAWN"
"""The finding of an operation that was approved and overtaken before it was sent."""

WRITTEN = ("confirmed", "dropped_fields")
"""The target holds the record, wholly or in part."""


@dataclass(frozen=True)
class Earlier:
    """The latest operation on a record that apply has touched.

    Attributes:
        target_id: The target's id of the record, by this operation or by an earlier one.
        errors: Why it was not confirmed: in our words, else in the target's.
        snapshot_id: The tenant's configuration when it was planned.
    """

    operation_id: str
    plan_id: str
    operation: str
    status: str
    payload_hash: str
    held_version: str | None
    target_id: str | None
    changed_at: datetime
    is_undo: bool
    errors: tuple[str, ...] = ()
    snapshot_id: str | None = None


def was_acted_on() -> ColumnElement[bool]:
    """Return the condition that apply has dealt with an operation; withdrawing it is no dealing."""
    withdrawn = OPERATIONS.c.findings.contains(f'"{WITHDRAWN}"', autoescape=True)
    return and_(
        OPERATIONS.c.status.in_(ACTED_ON), ~and_(OPERATIONS.c.status == "skipped", withdrawn)
    )


def read_earlier(connection: Connection) -> dict[RecordKey, Earlier]:
    """Return what became of each record last."""
    record = (
        *(OPERATIONS.c.tenant_id, OPERATIONS.c.target),
        *(OPERATIONS.c.entity, OPERATIONS.c.record_key),
    )
    newest_first = (OPERATIONS.c.changed_at.desc(), PLANS.c.created_at.desc())
    rank = func.row_number().over(partition_by=record, order_by=newest_first).label("rank")
    ranked = (
        select(
            *record,
            *(OPERATIONS.c.operation_id, OPERATIONS.c.plan_id, OPERATIONS.c.operation),
            *(OPERATIONS.c.status, OPERATIONS.c.payload_hash, OPERATIONS.c.held_version),
            *(OPERATIONS.c.target_id, OPERATIONS.c.changed_at, OPERATIONS.c.undo_of),
            OPERATIONS.c.findings,
            *(PLANS.c.snapshot_ids, rank),
        )
        .join(PLANS, PLANS.c.plan_id == OPERATIONS.c.plan_id)
        .where(was_acted_on())
        .subquery()
    )
    rows = connection.execute(select(ranked).where(ranked.c.rank == 1)).mappings().all()
    errors = _last_errors(connection)
    ids = _known_ids(connection)
    return {_key(row): _earlier(row, errors, ids) for row in rows}


def _earlier(
    row: RowMapping, errors: Mapping[str, tuple[str, ...]], ids: Mapping[RecordKey, str]
) -> Earlier:
    return Earlier(
        operation_id=row["operation_id"],
        plan_id=row["plan_id"],
        operation=row["operation"],
        status=row["status"],
        payload_hash=row["payload_hash"],
        held_version=row["held_version"],
        target_id=row["target_id"] or ids.get(_key(row)),
        changed_at=row["changed_at"],
        is_undo=row["undo_of"] is not None,
        errors=_said(row["findings"]) or errors.get(row["operation_id"], ()),
        snapshot_id=decode_json(row["snapshot_ids"]).get(row["tenant_id"]),
    )


def _said(findings: str) -> tuple[str, ...]:
    """Return what stopped it in our words, if it has any: apply adds a finding when it fails."""
    stopping = [each for each in decode_json(findings) if each["severity"] in STOPPING]
    return tuple(each["message"] for each in stopping[-1:])


def _last_errors(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return the target's own messages to the last attempt of each operation that failed."""
    rows = connection.execute(
        select(ATTEMPTS.c.operation_id, ATTEMPTS.c.errors, ATTEMPTS.c.read_back_differences)
        .join(OPERATIONS, OPERATIONS.c.operation_id == ATTEMPTS.c.operation_id)
        .where(OPERATIONS.c.status.in_([each for each in ACTED_ON if each != "confirmed"]))
        .order_by(ATTEMPTS.c.attempt_number)
    )
    return {row.operation_id: _messages(row.errors, row.read_back_differences) for row in rows}


def _messages(errors: str | None, differences: str | None) -> tuple[str, ...]:
    said = [str(each) for each in decode_json(errors or "[]")]
    said += [f"{each['field']} was not kept" for each in decode_json(differences or "[]")]
    return tuple(said)


def _known_ids(connection: Connection) -> dict[RecordKey, str]:
    """Return the target's id of every record that was ever written."""
    columns = OPERATIONS.c
    rows = connection.execute(
        select(
            *(columns.tenant_id, columns.target, columns.entity, columns.record_key),
            func.coalesce(columns.target_id, ATTEMPTS.c.target_id).label("known_id"),
        )
        .join_from(OPERATIONS, ATTEMPTS, ATTEMPTS.c.operation_id == columns.operation_id)
        .where(columns.status.in_(WRITTEN))
        .order_by(columns.changed_at, ATTEMPTS.c.attempt_number)
    ).mappings()
    return {_key(row): row["known_id"] for row in rows if row["known_id"]}


def _key(row: RowMapping) -> RecordKey:
    return (row["tenant_id"], row["target"], row["entity"], row["record_key"])
