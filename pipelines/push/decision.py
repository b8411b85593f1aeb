"""What is to be done with one record: create, update …, nothing, or not now and why.

Pure: a desired record, what became of it before, what the ledger knows of others. The published
file may be older than the last apply; a record is never sent again because of that: where the
target still looks as it did before our own write, the next read is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.push.changes import Change, field_changes, filled
from pipelines.push.desired import DesiredRecord
from pipelines.push.earlier import Earlier
from pipelines.push.operations import CREATE, DELETE, MARK, UNCHANGED, UPDATE, Finding
from pipelines.push.writer import Capability

PLANNED, BLOCKED, UNSUPPORTED = "planned", "blocked", "unsupported"

Capabilities = Callable[[str, str, str], Capability | None]
"""Gives what (tenant_id, target, entity) can do; None: nothing."""


@dataclass(frozen=True)
class Decision:
    """What becomes of one record in a plan; `operation` UNCHANGED with `planned` is nothing."""

    operation: str
    status: str = PLANNED
    changes: tuple[Change, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()


def decide(
    record: DesiredRecord, earlier: Earlier | None, known: Callable[[str], str | None]
) -> Decision:
    """Return what is to be done with a record.

    Args:
        record: What the target should hold, and what it holds.
        earlier: What became of it last; None if apply never touched it.
        known: Gives the target's id of `<target>__<entity>/<record_key>`, or None.
    """
    hint = record.operation_hint
    if record.is_stopped:
        shown = UNCHANGED if hint == "none" else hint
        return Decision(shown, BLOCKED, findings=record.findings)
    if hint == "none":
        return Decision(UNCHANGED)
    changes: tuple[Change, ...] = ()
    if hint == UPDATE:
        payload = filled(record.payload, known)
        changes = tuple(field_changes(payload, record.held_payload or {}))
        if not changes:
            return Decision(UNCHANGED)
    finding = None
    if earlier is not None:
        after = _after(record, earlier)
        if after == UNCHANGED:
            return Decision(UNCHANGED)
        if isinstance(after, Finding):
            finding = after
    found = (*record.findings, *([finding.as_json()] if finding else []))
    stopped = finding is not None and finding.severity != "warn"
    return Decision(hint, BLOCKED if stopped else PLANNED, changes, found)


def supported(decision: Decision, record: DesiredRecord, capability: Capability | None) -> Decision:
    """Return the decision, or `unsupported` where the target cannot do or hold it."""
    if decision.operation == UNCHANGED or decision.status != PLANNED:
        return decision
    why = None
    if capability is None:
        why = f"{record.target} takes no {_words(record.entity)}."
    elif decision.operation not in capability.operations:
        why = f"{record.target} cannot {decision.operation} {_words(record.entity)}."
    elif lost := sorted(capability.cannot_hold & record.payload.keys()):
        why = f"{record.target} has no place for {', '.join(lost)}."
    if why is None:
        return decision
    remedy = "Enter it there by hand, or take it from the tables of the published file."
    finding = Finding("UNSUPPORTED", "skip", why, remedy).as_json()
    return Decision(
        decision.operation, UNSUPPORTED, decision.changes, (*decision.findings, finding)
    )


def _after(record: DesiredRecord, earlier: Earlier) -> Finding | str | None:
    """Return what an earlier operation means for the next: a finding, UNCHANGED, or nothing."""
    on = f"{earlier.changed_at:%d %b %Y %H:%M} UTC"
    if earlier.status == "sent":
        what = f"Plan {earlier.plan_id} began to send it on {on} and was interrupted."
        return Finding("UNDER_WAY", "hold", what, f"Run `xero-crm apply {earlier.plan_id}` first.")
    if earlier.is_undo and earlier.status == "confirmed":
        what = f"It was undone on {on}; this would write it again."
        return Finding("UNDONE", "warn", what, "Leave it out (--except), or change the source.")
    if earlier.target_id and record.facts.get("replaces") == earlier.target_id:
        return None  # it was read: a person took it out of use there
    if earlier.status in ("confirmed", "dropped_fields") and _is_unread(record, earlier):
        if earlier.status == "confirmed" and earlier.payload_hash == record.payload_hash:
            return UNCHANGED
        why = "it has changed since" if earlier.status == "confirmed" else _last(earlier)
        what = f"It was written on {on} and not read back since; {why}"
        return Finding("AWAITS_READ", "hold", what, "Run `xero-crm run`, which reads it.")
    if earlier.status == "confirmed":
        return None
    if earlier.status == "rejected" and not _has_changed(record, earlier):
        what = f"It was refused on {on}, and nothing has changed since: {_last(earlier)}"
        remedy = "Correct it in the source, or what it names in the target; then plan again."
        return Finding("REFUSED_BEFORE", "hold", what, remedy)
    return Finding("LAST_ATTEMPT", "warn", f"On {on}: {earlier.status}: {_last(earlier)}")


def _is_unread(record: DesiredRecord, earlier: Earlier) -> bool:
    """Whether the file still shows the record as it was before that operation."""
    created_and_unseen = earlier.operation in (CREATE, MARK) and record.operation_hint in (
        CREATE,
        MARK,
    )
    return earlier.operation != DELETE and (
        created_and_unseen or earlier.held_version == record.held_version
    )


def _has_changed(record: DesiredRecord, earlier: Earlier) -> bool:
    """Whether a second try could end otherwise: other content, target or configuration."""
    before = (earlier.payload_hash, earlier.held_version, earlier.snapshot_id)
    return before != (record.payload_hash, record.held_version, record.snapshot_id)


def _last(earlier: Earlier) -> str:
    return "; ".join(earlier.errors) or "no reason is recorded."


def _words(entity: str) -> str:
    return entity.replace("_", " ")
