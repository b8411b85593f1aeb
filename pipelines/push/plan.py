"""The plan: desired state, what was sent before and the policy, made into operations.

Pure: no database, no clock, no HTTP. Records are taken in the order of sending. What is switched
off is counted, never planned; what is unchanged is counted, not kept; what cannot be written is
in the plan as blocked or unsupported, with its reason. A limit on size that is broken is a stop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipelines.push.control_totals import control_totals
from pipelines.push.decision import (
    BLOCKED,
    PLANNED,
    UNSUPPORTED,
    Capabilities,
    Decision,
    decide,
    supported,
)
from pipelines.push.dependencies import needed, with_dependencies
from pipelines.push.desired import DesiredRecord
from pipelines.push.earlier import Earlier, RecordKey
from pipelines.push.limits import Kind, stops_of
from pipelines.push.operations import DELETE, UNCHANGED, Operation
from pipelines.push.policy import OFF, PushPolicy


@dataclass(frozen=True)
class Plan:
    """What would be written. `plan_id` and the operations' ids are blank until it is stored.

    Attributes:
        undo_of: The operations that it undoes; None for a plan of desired states.
        snapshot_ids: Each organisation's configuration, by tenant_id.
        control_totals: As `control_totals`, and `records`: how many of each kind are planned,
            blocked, unsupported, unchanged and switched off.
        stops: Limits on size that it breaks: {tenant_id, target, entity, operation, records,
            message, remedy}. Nothing of that organisation and target can be approved.
    """

    plan_id: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    targets: tuple[str, ...]
    undo_of: tuple[str, ...] | None
    snapshot_ids: Mapping[str, str]
    control_totals: Mapping[str, Any]
    stops: tuple[Mapping[str, Any], ...]
    operations: tuple[Operation, ...]

    @property
    def planned(self) -> tuple[Operation, ...]:
        """The operations that may be approved, or already were."""
        return tuple(each for each in self.operations if each.status not in (BLOCKED, UNSUPPORTED))

    @property
    def planned_only(self) -> tuple[Operation, ...]:
        """The operations that nobody has approved yet."""
        return tuple(each for each in self.operations if each.status == PLANNED)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.planned


@dataclass(frozen=True)
class Circumstances:
    """What a plan is made by, besides the records: who, when, for how long, under which rules."""

    now: datetime
    person: str
    expires_after: timedelta
    policy: PushPolicy
    capabilities: Capabilities


def make_plan(
    records: Sequence[DesiredRecord],
    earlier: Mapping[RecordKey, Earlier],
    circumstances: Circumstances,
) -> Plan:
    """Return the plan that brings the targets from what they hold to the desired state."""
    counts: dict[Kind, Counter[str]] = {}
    operations: list[Operation] = []
    written = {
        (tenant_id, f"{target}__{entity}/{record_key}"): found.target_id
        for (tenant_id, target, entity, record_key), found in earlier.items()
        if found.target_id and found.operation != DELETE
    }
    known_of = _knowledge(written)
    states: dict[tuple[str, str], tuple[str, str]] = {}
    held = {(each.tenant_id, each.reference) for each in records if each.held_version}
    for record in records:
        key = (record.tenant_id, record.target, record.entity, record.record_key)
        decision = decide(record, earlier.get(key), known_of(record.tenant_id))
        state = _state(record, decision, circumstances.policy)
        if state == PLANNED:
            capability = circumstances.capabilities(*key[:3])
            decision = supported(decision, record, capability)
            needs = needed(record, decision, held, written)
            decision = with_dependencies(decision, record.tenant_id, needs, states, written)
            state = decision.status
        states[record.tenant_id, record.reference] = (state, record.label)
        counts.setdefault((*key[:3], decision.operation), Counter())[state] += 1
        if state in (PLANNED, BLOCKED, UNSUPPORTED):
            needs = needed(record, decision, held, written)
            operations.append(
                _operation(record, decision, needs, circumstances.now, len(operations))
            )
    return Plan(
        plan_id="",
        created_at=circumstances.now,
        created_by=circumstances.person,
        expires_at=circumstances.now + circumstances.expires_after,
        targets=tuple(dict.fromkeys(each.target for each in records)),
        undo_of=None,
        snapshot_ids={each.tenant_id: each.snapshot_id for each in records if each.snapshot_id},
        control_totals=plan_totals(operations, counts),
        stops=tuple(stops_of(counts, circumstances.policy)),
        operations=tuple(operations),
    )


def plan_totals(
    operations: Iterable[Operation], counts: Mapping[Kind, Mapping[str, int]]
) -> dict[str, Any]:
    """Return the control totals of what is planned, and how many records there are of each kind."""
    states = (PLANNED, BLOCKED, UNSUPPORTED, UNCHANGED, OFF)
    names = ("tenant_id", "target", "entity", "operation")
    records = [
        {**dict(zip(names, kind, strict=True)), **{state: count.get(state, 0) for state in states}}
        for kind, count in counts.items()
    ]
    return {**control_totals(o for o in operations if o.status == PLANNED), "records": records}


def _state(record: DesiredRecord, decision: Decision, policy: PushPolicy) -> str:
    if decision.operation == UNCHANGED and decision.status == PLANNED:
        return UNCHANGED
    where = (record.tenant_id, record.target, record.entity)
    if decision.operation == UNCHANGED:
        return decision.status if policy.is_on(*where) else OFF
    return OFF if policy.rule(*where, decision.operation).mode == OFF else decision.status


def _operation(
    record: DesiredRecord,
    decision: Decision,
    depends_on: tuple[str, ...],
    now: datetime,
    position: int,
) -> Operation:
    return Operation(
        operation_id="",
        plan_id="",
        position=position + 1,
        tenant_id=record.tenant_id,
        target=record.target,
        entity=record.entity,
        record_key=record.record_key,
        operation=decision.operation,
        label=record.label,
        source_system=record.source_system,
        source_record_id=record.source_record_id,
        target_id=record.target_id,
        payload=record.payload,
        payload_text=record.payload_text,
        payload_hash=record.payload_hash,
        before=record.held_payload,
        held_version=record.held_version,
        changes=decision.changes,
        findings=decision.findings,
        facts=record.facts,
        depends_on=depends_on,
        undo_of=None,
        status=decision.status,
        changed_at=now,
    )


def _knowledge(
    written: Mapping[tuple[str, str], str | None],
) -> Callable[[str], Callable[[str], str | None]]:
    return lambda tenant_id: lambda reference: written.get((tenant_id, reference))
