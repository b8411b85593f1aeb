"""Which operations of a plan must not be written any more, because something came after it.

A later plan that has the record with the same content changes nothing: what was looked at is still
what would be written. Otherwise the later plan is the one to approve.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, or_, select, update

from pipelines.push.earlier import WITHDRAWN, RecordKey, was_acted_on
from pipelines.push.ledger import Ledger
from pipelines.push.operations import Finding, Operation, decode_json, encode_json
from pipelines.push.plan import Plan
from pipelines.push.planned import load_plan
from pipelines.push.tables import OPERATIONS, PLANS

_OPEN = ("planned", "approved")


def stale_operations(connection: Connection, plan: Plan) -> dict[str, str]:
    """Return {operation_id: why} of the planned and approved operations that are out of date."""
    since = _since(connection, plan)
    later = [] if plan.undo_of is not None else _later_plans(connection, plan)
    found = {}
    for operation in plan.operations:
        if operation.status in _OPEN:
            why = _why(operation, since.get(_key(operation), []), later)
            if why:
                found[operation.operation_id] = why
    return found


def withdraw_stale(ledger: Ledger, plan_id: str, now: datetime) -> dict[str, str]:
    """Take back what was approved and is out of date, so that it is not sent: {label: why}."""
    with ledger.transaction(alone=True) as connection:
        plan = load_plan(connection, plan_id)
        reasons = stale_operations(connection, plan)
        stale = [each for each in plan.operations if each.operation_id in reasons]
        stale = [each for each in stale if each.status == "approved"]
        for each in stale:
            why = reasons[each.operation_id]
            finding = Finding(WITHDRAWN, "skip", why, "Approve it in the later plan.")
            connection.execute(
                update(OPERATIONS)
                .where(OPERATIONS.c.operation_id == each.operation_id)
                .values(
                    status="skipped",
                    changed_at=now,
                    findings=encode_json([*each.findings, finding.as_json()]).decode(),
                )
            )
    return {each.label: reasons[each.operation_id] for each in stale}


def _why(
    operation: Operation, since: Iterable[RowMapping], later: Iterable[RowMapping]
) -> str | None:
    rows = list(since)
    for row in rows:
        if row["was_acted_on"]:
            return f"Plan {row['plan_id']} has dealt with it since ({row['status']})."
    newest = next((each for each in later if _covers(each, operation)), None)
    if newest is None:
        return None
    row = next((each for each in rows if each["plan_id"] == newest["plan_id"]), None)
    if row is None:
        return f"Plan {newest['plan_id']} no longer has it."
    if row["status"] not in _OPEN:
        return f"Plan {newest['plan_id']} holds it back ({row['status']})."
    same = ("operation", "payload_hash", "held_version")
    if any(row[name] != getattr(operation, name) for name in same):
        return f"It has changed: plan {newest['plan_id']} has it as it is now."
    return None


def _since(connection: Connection, plan: Plan) -> dict[RecordKey, list[RowMapping]]:
    """Return operations of other plans on this plan's records that came or moved after it."""
    columns = OPERATIONS.c
    rows = connection.execute(
        select(
            *(columns.tenant_id, columns.target, columns.entity, columns.record_key),
            *(columns.plan_id, columns.operation, columns.payload_hash, columns.held_version),
            *(columns.status, was_acted_on().label("was_acted_on")),
        )
        .join(PLANS, PLANS.c.plan_id == columns.plan_id)
        .where(
            columns.plan_id != plan.plan_id,
            columns.target.in_({each.target for each in plan.operations}),
            or_(
                PLANS.c.created_at > plan.created_at,
                and_(was_acted_on(), columns.changed_at > plan.created_at),
            ),
        )
        .order_by(columns.changed_at)
    ).mappings()
    found: dict[RecordKey, list[RowMapping]] = {}
    for row in rows:
        found.setdefault(_key(row), []).append(row)
    return found


def _later_plans(connection: Connection, plan: Plan) -> list[RowMapping]:
    """Return the plans of desired states that came after, the newest first."""
    return list(
        connection.execute(
            select(PLANS.c.plan_id, PLANS.c.control_totals)
            .where(PLANS.c.created_at > plan.created_at, PLANS.c.undo_of.is_(None))
            .order_by(PLANS.c.created_at.desc())
        ).mappings()
    )


def _covers(plan: RowMapping, operation: Operation) -> bool:
    """Whether a plan was over an operation's organisation and target."""
    return any(
        (row["tenant_id"], row["target"]) == (operation.tenant_id, operation.target)
        for row in decode_json(plan["control_totals"])["records"]
    )


def _key(record: Any) -> RecordKey:
    names = ("tenant_id", "target", "entity", "record_key")
    if isinstance(record, Operation):
        tenant_id, target, entity, record_key = (getattr(record, name) for name in names)
    else:
        tenant_id, target, entity, record_key = (record[name] for name in names)
    return tenant_id, target, entity, record_key
