"""Approves records of a plan: by the person who runs this, or by the policy with its version.

In: a plan in the ledger, which records of it. Out: an approval per record, with its payload hash
and the control totals of all that was approved together. What is expired, out of date or stopped by
a limit is refused. A policy approves items, contacts and CRM codes of a plan of desired states,
never a document, a journal or an undoing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from pipelines.push.control_totals import Totals, control_totals
from pipelines.push.errors import PlanRefused
from pipelines.push.ledger import Ledger
from pipelines.push.operations import Operation, encode_json
from pipelines.push.person import refuse_who_changed_the_settings
from pipelines.push.plan import Plan
from pipelines.push.planned import load_plan
from pipelines.push.policy import AUTO, AUTO_ALLOWED, PushPolicy
from pipelines.push.reject import rejected_ids
from pipelines.push.selection import chosen
from pipelines.push.staleness import stale_operations
from pipelines.push.tables import APPROVALS, OPERATIONS

PERSON, POLICY = "person", "policy"
_AT_ONCE = 500


@dataclass(frozen=True)
class Approved:
    """What was approved and what was not: `refused` is (operation, why).

    `waiting` is (operation, label of a record of the plan that must be written first and that
    nobody has approved).
    """

    plan_id: str
    approved_by: str
    method: str
    operations: tuple[Operation, ...]
    refused: tuple[tuple[Operation, str], ...]
    control_totals: Totals
    waiting: tuple[tuple[Operation, str], ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all that was asked for is approved."""
        return not self.refused


def approve(
    ledger: Ledger,
    plan_id: str,
    person: str,
    now: datetime,
    *,
    only: Sequence[str] = (),
    excepted: Sequence[str] = (),
    four_eyes: Path | None = None,
) -> Approved:
    """Approve records of a plan as a person.

    Args:
        ledger: Where the plan is.
        plan_id: The plan.
        person: Who approves.
        now: When, naive UTC.
        only: Patterns of the records to approve, all but the rejected if empty: a record key, a
            label, an operation's id, or `<target>__<entity>/<key>`; `*` and `?` as in file names,
            capitals or not.
        excepted: Patterns of records to leave out.
        four_eyes: The settings folder, if who last changed it may not approve.

    Raises:
        UnknownPlan: There is no such plan.
        UnknownOperation: A pattern finds no record of the plan.
        PlanRefused: The plan has expired.
        ApprovalRefused: The person may not approve.
    """
    if four_eyes is not None:
        refuse_who_changed_the_settings(person, four_eyes)
    with ledger.transaction(alone=True) as connection:
        plan = load_plan(connection, plan_id)
        wanted = chosen(plan.operations, only, excepted)
        if not only:  # a rejected one is approved by name or not at all
            rejected = rejected_ids(connection, plan_id)
            wanted = [each for each in wanted if each.operation_id not in rejected]
        return _approve(connection, plan, wanted, person, PERSON, None, now)


def approve_by_policy(ledger: Ledger, plan_id: str, policy: PushPolicy, now: datetime) -> Approved:
    """Approve what the policy may: nothing, where no row of it says `auto`.

    Raises:
        UnknownPlan: There is no such plan.
        PlanRefused: The plan has expired.
    """

    def is_automatic(operation: Operation) -> bool:
        rule = policy.rule(
            operation.tenant_id, operation.target, operation.entity, operation.operation
        )
        allowed = (operation.target, operation.entity) in AUTO_ALLOWED
        return rule.mode == AUTO and allowed and operation.undo_of is None

    with ledger.transaction(alone=True) as connection:
        plan = load_plan(connection, plan_id)
        rejected = rejected_ids(connection, plan_id)
        automatic = (each for each in plan.operations if is_automatic(each))
        wanted = [each for each in automatic if each.operation_id not in rejected]
        return _approve(connection, plan, wanted, "push_policy.csv", POLICY, policy.version, now)


def has_selection(connection: Connection, plan_id: str) -> bool:
    """Whether a person has approved records of a plan: then the others were left out."""
    by_person = (APPROVALS.c.plan_id == plan_id, APPROVALS.c.method == PERSON)
    approved = select(APPROVALS.c.approval_id).where(*by_person, APPROVALS.c.decision == "approved")
    return connection.execute(approved).first() is not None


def refuse_expired(plan: Plan, now: datetime) -> None:
    """Stop at a plan that is too old.

    Raises:
        PlanRefused: It has expired.
    """
    if now >= plan.expires_at:
        raise PlanRefused(
            f"Plan {plan.plan_id} expired on {plan.expires_at:%d %b %Y %H:%M} UTC. Run"
            " `xero-crm plan` for a new one."
        )


def _approve(
    connection: Connection,
    plan: Plan,
    wanted: Sequence[Operation],
    who: str,
    method: str,
    version: str | None,
    now: datetime,
) -> Approved:
    refuse_expired(plan, now)
    why_not = _reasons(connection, plan)
    asked = [each for each in wanted if each.status == "planned"]
    refused = tuple((each, why) for each in asked if (why := why_not(each)))
    accepted = tuple(each for each in asked if not why_not(each))
    totals = control_totals(accepted)
    _record(connection, plan, accepted, totals, (who, method, version), now)
    waiting = _waiting(plan, accepted)
    return Approved(plan.plan_id, who, method, accepted, refused, totals, waiting)


def _waiting(plan: Plan, accepted: Sequence[Operation]) -> tuple[tuple[Operation, str], ...]:
    now_approved = {each.operation_id for each in accepted}
    left_out = {
        (each.tenant_id, f"{each.relation}/{each.record_key}"): each.label
        for each in plan.planned_only
        if each.operation_id not in now_approved
    }
    return tuple(
        (each, left_out[each.tenant_id, name])
        for each in accepted
        for name in each.depends_on
        if (each.tenant_id, name) in left_out
    )


def _reasons(connection: Connection, plan: Plan) -> Callable[[Operation], str | None]:
    stale = stale_operations(connection, plan)
    stops = {(stop["tenant_id"], stop["target"]): stop for stop in plan.stops}

    def why_not(operation: Operation) -> str | None:
        stop = stops.get((operation.tenant_id, operation.target))
        if stop:
            return f"A limit stops it: {stop['message']}"
        return stale.get(operation.operation_id)

    return why_not


def _record(
    connection: Connection,
    plan: Plan,
    accepted: Sequence[Operation],
    totals: Totals,
    by: tuple[str, str, str | None],
    now: datetime,
) -> None:
    """Write an approval per operation. The first holds the totals, the others name it."""
    who, method, version = by
    ids = [uuid.uuid4().hex for _ in accepted]
    rows: list[dict[str, Any]] = [
        {
            "approval_id": approval_id,
            "plan_id": plan.plan_id,
            "operation_id": operation.operation_id,
            "payload_hash": operation.payload_hash,
            "decision": "approved",
            "approved_by": who,
            "approved_at": now,
            "method": method,
            "policy_version": version,
            "snapshot_id": plan.snapshot_ids.get(operation.tenant_id),
            "control_totals": encode_json(
                totals if approval_id == ids[0] else {"in": ids[0]}
            ).decode(),
        }
        for approval_id, operation in zip(ids, accepted, strict=True)
    ]
    if rows:
        connection.execute(insert(APPROVALS), rows)
    for start in range(0, len(accepted), _AT_ONCE):
        some = [each.operation_id for each in accepted[start : start + _AT_ONCE]]
        connection.execute(
            update(OPERATIONS)
            .where(OPERATIONS.c.operation_id.in_(some), OPERATIONS.c.status == "planned")
            .values(status="approved", changed_at=now)
        )
