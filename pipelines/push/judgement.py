"""Judges what a look-up and a read-back show: send it, compare it, or what has become of it.

Pure. A record that was never sent by us and is there all the same is not overwritten, and one that
changed in the target since the plan was made is planned again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.push.attempts import Attempt
from pipelines.push.operations import DELETE, Finding, Operation
from pipelines.push.writer import Capability, Difference, Held, Sending

REPLAN = "Plan again: what is there now will be compared anew."
Differ = Sequence[Difference]


@dataclass(frozen=True)
class Verdict:
    """What to do: `send`, `compare` with the record of `target_id`, or take `status` as settled."""

    do: Literal["send", "compare", "settle"]
    target_id: str | None = None
    status: str = ""
    finding: Finding | None = None


SEND = Verdict("send")


def judge_create(
    sending: Sending, found: Sequence[Held], attempts: Sequence[Attempt], capability: Capability
) -> Verdict:
    """Judge a create by what is held under its key, or under what must be unique besides."""
    operation = sending.operation
    ours = [held for held in found if held.is_ours]
    if len(ours) == 1:
        return Verdict("compare", ours[0].target_id)
    if not found:
        return SEND
    which = f"{len(ours)} records" if ours else f"{found[0].number or 'a record'}"
    how = "have its key" if ours else f"has the same {found[0].found_by}"
    what = f"{operation.label} was not created: {which} in {operation.target} {how}."
    return _settled("skipped", capability.duplicate_rule, what, REPLAN)


def judge_change(
    sending: Sending,
    held: Held | None,
    attempts: Sequence[Attempt],
    from_sent: Differ,
    from_before: Differ,
) -> Verdict:
    """Judge an update, deletion or mark by the record as it is held now.

    Args:
        sending: What is to be sent.
        held: The record; None if it is not there.
        attempts: What was tried so far.
        from_sent: How it differs from what is to be sent.
        from_before: How it differs from what the plan saw.
    """
    operation = sending.operation
    if operation.operation == DELETE:
        return _judge_deletion(operation, held, attempts, from_before)
    if held is None or held.is_gone:
        what = f"{operation.label} is no longer in {operation.target}."
        return _settled("skipped", "CHANGED_SINCE_PLAN", what, REPLAN)
    if not from_sent:
        return Verdict("compare", held.target_id)
    is_as_planned = operation.held_version == held.version or not from_before
    if any(attempt.is_in_doubt for attempt in attempts) and not is_as_planned:
        # It may have been done in part: what is neither as before nor as sent is another's.
        if {one.field for one in from_sent} & {one.field for one in from_before}:
            return Verdict("compare", held.target_id)
        return SEND
    return _judge_version(operation, held, is_as_planned, from_before)


def _judge_deletion(
    operation: Operation, held: Held | None, attempts: Sequence[Attempt], from_before: Differ
) -> Verdict:
    if held is None or held.is_gone:
        if attempts:
            return Verdict("settle", held.target_id if held else None, "confirmed")
        what = f"{operation.label} was already deleted in {operation.target}."
        return _settled("skipped", "CHANGED_SINCE_PLAN", what, "Nothing is left to do.")
    # What is undone was never read since: it has no version, and nothing is compared.
    is_as_planned = operation.held_version in (None, held.version) or not from_before
    return _judge_version(operation, held, is_as_planned, from_before)


def _judge_version(
    operation: Operation, held: Held, is_as_planned: bool, from_before: Differ
) -> Verdict:
    if held.is_locked:
        return Verdict("settle", held.target_id, "skipped", locked(operation))
    if is_as_planned:
        return SEND
    fields = ", ".join(one.field for one in from_before)
    what = f"{operation.label} changed in {operation.target} since the plan was made: {fields}."
    return _settled("skipped", "CHANGED_SINCE_PLAN", what, REPLAN, held.target_id)


def judge_read_back(
    operation: Operation,
    unlike: Differ,
    *,
    warnings: Sequence[str],
    was_sent: bool,
    capability: Capability,
) -> tuple[str, tuple[Finding, ...]]:
    """Return the status of an operation whose record was read back, and what to tell of it."""
    if not unlike and not warnings:
        return "confirmed", ()
    fields = ", ".join(one.field for one in unlike)
    if not was_sent:
        what = f"{operation.label} is in {operation.target} already, with other {fields}."
        return "skipped", (Finding(capability.duplicate_rule, "skip", what, REPLAN),)
    findings = []
    if warnings:
        what = f"{operation.label} was changed by {operation.target}: {' '.join(warnings)}"
        findings.append(Finding(capability.warning_rule, "block", what, "Correct it there."))
    if any("Tracking" in one.field for one in unlike):
        what = f"{operation.target} did not keep the tracking of {operation.label}: {fields}."
        findings.append(Finding("TRK_DROPPED", "block", what, f"Set it in {operation.target}."))
    elif unlike:
        what = f"{operation.target} holds {operation.label} with other {fields}."
        findings.append(Finding("DROPPED_FIELDS", "block", what, "Compare it there."))
    return "dropped_fields", tuple(findings)


def locked(operation: Operation) -> Finding:
    """Return the finding of a document that may no longer be changed."""
    what = f"{operation.label} can no longer be changed in {operation.target}."
    return Finding("DOC_LOCKED", "skip", what, "Correct it there, by a credit note if need be.")


def unsupported(operation: Operation, capability: Capability | None) -> Finding | None:
    """Return why a target cannot take an operation; None if it can."""
    if capability is None or operation.operation not in capability.operations:
        what = f"{operation.target} has no way to {operation.operation} {operation.entity}"
    elif lost := sorted(capability.cannot_hold & operation.payload.keys()):
        what = f"{operation.target} has no place for {', '.join(lost)} of {operation.entity}"
    else:
        return None
    return Finding("UNSUPPORTED", "skip", f"{what}: {operation.label}.", "Take it from the table.")


def _settled(
    status: str, rule: str, what: str, remedy: str, target_id: str | None = None
) -> Verdict:
    return Verdict("settle", target_id, status, Finding(rule, "skip", what, remedy))
