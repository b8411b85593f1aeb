"""Plans written straight into a ledger, for whoever applies them.

    plan = a_plan(ledger, [an_operation("items", "create", "SKU-1", {"Code": "SKU-1"})])

Nothing is planned here: each operation is what the planner would have stored, approved by a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from pipelines.push.ledger import Ledger
from pipelines.push.operations import encode_json
from pipelines.push.tables import APPROVALS, OPERATIONS, PLANS

PLANNED_AT = datetime(2026, 11, 20, 8, 0)


def an_operation(
    tenant_id: str,
    entity: str,
    operation: str,
    record_key: str,
    payload: dict[str, Any],
    *,
    target: str = "xero",
    target_id: str | None = None,
    before: dict[str, Any] | None = None,
    held_version: str | None = None,
    facts: dict[str, Any] | None = None,
    depends_on: Sequence[str] = (),
) -> dict[str, Any]:
    """Return an operation's row without its plan."""
    text = encode_json(payload).decode()
    return {
        "tenant_id": tenant_id,
        "target": target,
        "entity": entity,
        "record_key": record_key,
        "operation": operation,
        "label": f"{entity} {record_key}",
        "target_id": target_id,
        "payload": text,
        "payload_hash": hashlib.sha256(text.encode()).hexdigest(),
        "before": None if before is None else encode_json(before).decode(),
        "held_version": held_version,
        "changes": "[]",
        "findings": "[]",
        "facts": encode_json(facts or {}).decode(),
        "depends_on": encode_json(list(depends_on)).decode(),
    }


def a_plan(
    ledger: Ledger,
    operations: Sequence[dict[str, Any]],
    *,
    plan_id: str = "plan-1",
    created_at: datetime = PLANNED_AT,
    approve: bool = True,
) -> str:
    """Store a plan of these operations, in this order, and approve all of it."""
    rows = [
        {
            **operation,
            "operation_id": f"{plan_id}-{position:05}",
            "plan_id": plan_id,
            "position": position,
            "status": "approved" if approve else "planned",
            "changed_at": created_at,
        }
        for position, operation in enumerate(operations)
    ]
    approvals = [
        {
            "approval_id": f"ok-{row['operation_id']}",
            "plan_id": plan_id,
            "operation_id": row["operation_id"],
            "payload_hash": row["payload_hash"],
            "decision": "approved",
            "approved_by": "Mere Tautahi",
            "approved_at": created_at,
            "method": "person",
            "control_totals": "{}",
        }
        for row in rows
    ]
    with ledger.transaction() as connection:
        connection.execute(
            insert(PLANS),
            {
                "plan_id": plan_id,
                "created_at": created_at,
                "created_by": "Mere Tautahi",
                "expires_at": created_at + timedelta(days=7),
                "targets": "[]",
                "snapshot_ids": "{}",
                "control_totals": "{}",
                "stops": "[]",
            },
        )
        connection.execute(insert(OPERATIONS), rows)
        if approve:
            connection.execute(insert(APPROVALS), approvals)
    return plan_id
