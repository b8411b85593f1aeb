"""Keeps plans in the ledger, and gives them back.

A plan that says what the latest one says, and that nobody has begun to apply, is that plan: hourly
runs do not pile up copies, and what a person has looked at stays the plan to approve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from pipelines.push.errors import UnknownPlan
from pipelines.push.ledger import Ledger
from pipelines.push.operations import Operation, decode_json, encode_json
from pipelines.push.plan import Plan
from pipelines.push.tables import OPERATIONS, PLANS

_OPEN = ("planned", "approved", "blocked", "unsupported")


def store_plan(ledger: Ledger, plan: Plan) -> Plan:
    """Store a plan and return it with its ids, or return the stored one that says the same.

    Its id is the day and a number, `20261122-1`; an operation's is the plan's and its position.
    """
    with ledger.transaction(alone=True) as connection:
        latest = latest_plan(connection, plan.targets)
        if latest and _is_usable(latest, plan.created_at) and _content(latest) == _content(plan):
            return latest
        named = _named(plan, _new_plan_id(connection, plan.created_at))
        connection.execute(insert(PLANS), _plan_row(named))
        if named.operations:
            connection.execute(insert(OPERATIONS), [_operation_row(o) for o in named.operations])
        return named


def load_plan(connection: Connection, plan_id: str) -> Plan:
    """Return a plan as it stands, its operations in order of sending.

    Raises:
        UnknownPlan: There is none of that id.
    """
    row = connection.execute(select(PLANS).where(PLANS.c.plan_id == plan_id)).mappings().first()
    if row is None:
        newest = connection.execute(
            select(PLANS.c.plan_id).order_by(PLANS.c.created_at.desc()).limit(1)
        ).scalar()
        hint = f"The latest is {newest}." if newest else "There is none yet: `xero-crm plan`."
        raise UnknownPlan(f"There is no plan {plan_id!r}. {hint}")
    chosen = select(OPERATIONS).where(OPERATIONS.c.plan_id == plan_id)
    rows = connection.execute(chosen.order_by(OPERATIONS.c.position))
    return _plan(row, [Operation.of_row(each._asdict()) for each in rows])


def latest_plan(connection: Connection, targets: Sequence[str] | None = None) -> Plan | None:
    """Return the latest plan of desired states, of these very targets if they are given."""
    rows = connection.execute(
        select(PLANS.c.plan_id, PLANS.c.targets)
        .where(PLANS.c.undo_of.is_(None))
        .order_by(PLANS.c.created_at.desc(), PLANS.c.plan_id.desc())
    )
    for row in rows:
        if targets is None or decode_json(row.targets) == list(targets):
            return load_plan(connection, row.plan_id)
    return None


def _is_usable(plan: Plan, now: datetime) -> bool:
    return now < plan.expires_at and all(each.status in _OPEN for each in plan.operations)


def _content(plan: Plan) -> bytes:
    """Return all that a plan says, except when and by whom, and what was approved since."""
    return encode_json(
        [
            plan.undo_of,
            plan.control_totals,
            plan.stops,
            [
                [
                    *(each.tenant_id, each.target, each.entity, each.record_key, each.operation),
                    *(each.payload_hash, each.held_version, each.target_id, each.depends_on),
                    *(each.changes, each.findings, each.facts),
                    "planned" if each.status == "approved" else each.status,
                ]
                for each in plan.operations
            ],
        ]
    )


def _new_plan_id(connection: Connection, now: datetime) -> str:
    day = f"{now:%Y%m%d}-"
    held = connection.execute(select(PLANS.c.plan_id).where(PLANS.c.plan_id.startswith(day)))
    return f"{day}{max((int(each[len(day) :]) for each in held.scalars()), default=0) + 1}"


def _named(plan: Plan, plan_id: str) -> Plan:
    operations = [
        replace(each, plan_id=plan_id, operation_id=f"{plan_id}/{each.position}")
        for each in plan.operations
    ]
    return replace(plan, plan_id=plan_id, operations=tuple(operations))


def _plan(row: RowMapping, operations: Sequence[Operation]) -> Plan:
    return Plan(
        plan_id=row["plan_id"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        expires_at=row["expires_at"],
        targets=tuple(decode_json(row["targets"])),
        undo_of=None if row["undo_of"] is None else tuple(decode_json(row["undo_of"])),
        snapshot_ids=decode_json(row["snapshot_ids"]),
        control_totals=decode_json(row["control_totals"]),
        stops=tuple(decode_json(row["stops"])),
        operations=tuple(operations),
    )


def _plan_row(plan: Plan) -> dict[str, Any]:
    return {
        "plan_id": plan.plan_id,
        "created_at": plan.created_at,
        "created_by": plan.created_by,
        "expires_at": plan.expires_at,
        "targets": _text(plan.targets),
        "undo_of": None if plan.undo_of is None else _text(plan.undo_of),
        "snapshot_ids": _text(plan.snapshot_ids),
        "control_totals": _text(plan.control_totals),
        "stops": _text(plan.stops),
    }


def _operation_row(operation: Operation) -> dict[str, Any]:
    row = {column.name: getattr(operation, column.name) for column in OPERATIONS.columns}
    before = None if operation.before is None else _text(operation.before)
    decoded = {name: _text(row[name]) for name in ("changes", "findings", "facts", "depends_on")}
    return {**row, "payload": operation.payload_text, "before": before, **decoded}


def _text(value: Any) -> str:
    return encode_json(value).decode("utf-8")
