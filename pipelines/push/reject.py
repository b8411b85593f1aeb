"""Rejects records of a plan: a person says that they are not to be written.

In: a plan in the ledger, which records of it. Out: a decision per record. What was approved and not
yet sent is approved no more. The record stays in its plan, and a plan that says the same is the
same plan, so that it comes up again only when something of it changed; a person who names it can
still approve it, a policy or an approval of everything cannot.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, select, update

from pipelines.push.ledger import Ledger
from pipelines.push.operations import Operation
from pipelines.push.planned import load_plan
from pipelines.push.selection import chosen
from pipelines.push.tables import APPROVALS, OPERATIONS

REJECTED = "rejected"


@dataclass(frozen=True)
class Rejected:
    """What was rejected, and what it was too late for: (operation, why)."""

    plan_id: str
    rejected_by: str
    operations: tuple[Operation, ...]
    refused: tuple[tuple[Operation, str], ...]


def reject(
    ledger: Ledger, plan_id: str, person: str, now: datetime, only: Sequence[str]
) -> Rejected:
    """Reject records of a plan as a person.

    Args:
        ledger: Where the plan is.
        plan_id: The plan.
        person: Who rejects.
        now: When, naive UTC.
        only: Patterns of the records, as `approve` takes them.

    Raises:
        UnknownPlan: There is no such plan.
        UnknownOperation: A pattern finds no record of the plan.
    """
    with ledger.transaction(alone=True) as connection:
        plan = load_plan(connection, plan_id)
        wanted = chosen(plan.operations, only, ())
        open_ones = tuple(each for each in wanted if each.status in ("planned", "approved"))
        late = tuple(
            (each, f"It is {each.status.replace('_', ' ')} already.")
            for each in wanted
            if each.status not in ("planned", "approved")
        )
        _record(connection, plan_id, open_ones, person, now)
    return Rejected(plan_id, person, open_ones, late)


def rejected_ids(connection: Connection, plan_id: str) -> frozenset[str]:
    """Return the operations of a plan whose latest decision is a rejection.

    A decision on the record in another plan counts, if what would be written is the same.
    """
    record = ("tenant_id", "target", "entity", "record_key", "operation", "payload_hash")
    mine, other = OPERATIONS.alias("mine"), OPERATIONS.alias("other")
    newest_first = (APPROVALS.c.approved_at.desc(), APPROVALS.c.decision.desc())
    rank = func.row_number().over(partition_by=mine.c.operation_id, order_by=newest_first)
    decided = (
        select(mine.c.operation_id, APPROVALS.c.decision, rank.label("rank"))
        .join(other, and_(*(mine.c[name] == other.c[name] for name in record)))
        .join(APPROVALS, APPROVALS.c.operation_id == other.c.operation_id)
        .where(mine.c.plan_id == plan_id)
        .subquery()
    )
    latest = decided.c.rank == 1, decided.c.decision == REJECTED
    return frozenset(connection.execute(select(decided.c.operation_id).where(*latest)).scalars())


def _record(
    connection: Connection,
    plan_id: str,
    operations: Sequence[Operation],
    person: str,
    now: datetime,
) -> None:
    for operation in operations:
        connection.execute(
            insert(APPROVALS),
            {
                "approval_id": uuid.uuid4().hex,
                "plan_id": plan_id,
                "operation_id": operation.operation_id,
                "payload_hash": operation.payload_hash,
                "decision": REJECTED,
                "approved_by": person,
                "approved_at": now,
                "method": "person",
                "policy_version": None,
                "snapshot_id": None,
                "control_totals": "{}",
            },
        )
        connection.execute(
            update(OPERATIONS)
            .where(
                OPERATIONS.c.operation_id == operation.operation_id,
                OPERATIONS.c.status.in_(("planned", "approved")),
            )
            .values(status="planned", changed_at=now)
        )
