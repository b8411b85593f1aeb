"""Plans the undoing of operations: the before-image of an update, the deletion of a draft.

In: operations that were written. Out: a plan of its own, to be approved by a person and applied
like any other. What cannot be undone is in it as `unsupported`, with the reason. A contact gets
its names, address and phones back, never its tracking or its account defaults: an existing
contact's are never sent (DESIGN, safety rules). A field that was blank stays as it is now: a blank
never overwrites a value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from pipelines.push.changes import field_changes
from pipelines.push.control_totals import control_totals
from pipelines.push.decision import PLANNED, UNSUPPORTED
from pipelines.push.earlier import WRITTEN, read_earlier
from pipelines.push.errors import PlanRefused, UnknownOperation
from pipelines.push.ledger import Ledger
from pipelines.push.operations import (
    CREATE,
    DELETE,
    UPDATE,
    Finding,
    Operation,
    encode_json,
)
from pipelines.push.plan import Circumstances, Plan
from pipelines.push.planned import store_plan
from pipelines.push.tables import OPERATIONS

RESTORED_OF_CONTACTS = frozenset(
    {
        *("ContactID", "ContactNumber", "Name", "FirstName", "LastName", "EmailAddress"),
        *("Phones", "Addresses"),
    }
)
"""What an update of a contact may hold; all else of it is never sent to an existing one."""

_BY_HAND = {
    "contacts": "Xero deletes no contact. Archive it there by hand if it is not wanted.",
    "sent_marks": "Take the mark off in the source by hand.",
}


def plan_undo(ledger: Ledger, operation_ids: Sequence[str], circumstances: Circumstances) -> Plan:
    """Make and store the plan that undoes some operations, the last written first.

    Raises:
        UnknownOperation: There is no such operation.
        PlanRefused: One was never written, or its record was written again since.
    """
    with ledger.reading() as connection:
        chosen = [_written(connection, each) for each in operation_ids]
    operations = tuple(
        _undoing(each, circumstances, position)
        for position, each in enumerate(
            sorted(chosen, key=lambda o: (o.changed_at, o.position), reverse=True), start=1
        )
    )
    records = [
        {
            **{
                name: getattr(each, name) for name in ("tenant_id", "target", "entity", "operation")
            },
            **dict.fromkeys((PLANNED, "blocked", UNSUPPORTED, "unchanged", "off"), 0),
            each.status: 1,
        }
        for each in operations
    ]
    planned = [each for each in operations if each.status == PLANNED]
    plan = Plan(
        plan_id="",
        created_at=circumstances.now,
        created_by=circumstances.person,
        expires_at=circumstances.now + circumstances.expires_after,
        targets=tuple(dict.fromkeys(each.target for each in operations)),
        undo_of=tuple(operation_ids),
        snapshot_ids={},
        control_totals={**control_totals(planned), "records": records},
        stops=(),
        operations=operations,
    )
    return store_plan(ledger, plan)


def _written(connection: Connection, operation_id: str) -> Operation:
    chosen = select(OPERATIONS).where(OPERATIONS.c.operation_id == operation_id)
    row = connection.execute(chosen).first()
    if row is None:
        raise UnknownOperation(
            f"There is no operation {operation_id!r}; `xero-crm report pushes` lists them."
        )
    operation = Operation.of_row(row._asdict())
    if operation.status not in WRITTEN:
        raise PlanRefused(f"{operation.label} was not written ({operation.status}).")
    key = (operation.tenant_id, operation.target, operation.entity, operation.record_key)
    latest = read_earlier(connection).get(key)
    if latest and latest.operation_id != operation_id:
        raise PlanRefused(
            f"{operation.label} was written again since, by {latest.operation_id}: undo that first."
        )
    return operation


def _undoing(written: Operation, circumstances: Circumstances, position: int) -> Operation:
    capability = circumstances.capabilities(written.tenant_id, written.target, written.entity)
    allowed = capability.operations if capability else frozenset()
    findings: list[Finding] = []
    operation, payload = DELETE, dict[str, Any]()
    if written.operation == UPDATE:
        operation, payload, left = UPDATE, *_before_image(written)
        if not payload:
            findings.append(_unsupported(written, f"Nothing of it can be restored: {left}."))
        elif left:
            findings.append(Finding("UNDO_IN_PART", "warn", f"These stay as they are: {left}."))
    elif written.operation != CREATE:
        findings.append(_unsupported(written, f"A {written.operation} cannot be undone."))
    if operation not in allowed and not findings:
        why = f"{written.target} cannot {operation} {written.entity.replace('_', ' ')}."
        findings.append(_unsupported(written, why))
    is_planned = not any(each.severity == "skip" for each in findings)
    text = encode_json(payload).decode("utf-8")
    sent = {name: written.payload[name] for name in payload if name in written.payload}
    verb = "Delete" if operation == DELETE else "Restore"
    return Operation(
        operation_id="",
        plan_id="",
        position=position,
        tenant_id=written.tenant_id,
        target=written.target,
        entity=written.entity,
        record_key=written.record_key,
        operation=operation,
        label=f"{verb}: {written.label}",
        source_system=written.source_system,
        source_record_id=written.source_record_id,
        target_id=written.target_id,
        payload=payload,
        payload_text=text,
        payload_hash=hashlib.sha256(text.encode()).hexdigest(),
        before=sent if operation == UPDATE else None,
        held_version=None,  # what was sent is compared instead: nothing was read since
        changes=tuple(field_changes(payload, sent)) if operation == UPDATE else (),
        findings=tuple(each.as_json() for each in findings),
        facts=written.facts,
        depends_on=(),
        undo_of=written.operation_id,
        status=PLANNED if is_planned else UNSUPPORTED,
        changed_at=circumstances.now,
    )


def _before_image(written: Operation) -> tuple[dict[str, Any], str]:
    """Return the update that puts back what was there, and the fields that it leaves alone."""
    before: Mapping[str, Any] = written.before or {}
    changed = {each["field"].partition(".")[0].partition("[")[0] for each in written.changes}
    payload, left = {}, []
    for name, value in written.payload.items():
        if name in changed:
            value = before.get(name)
        is_ours = written.relation != "xero__contacts" or name in RESTORED_OF_CONTACTS
        if value in (None, "", [], {}) or not is_ours:
            left += [name] if name in changed else []
        else:
            payload[name] = value
    return (payload if changed - set(left) else {}), ", ".join(sorted(left))


def _unsupported(written: Operation, why: str) -> Finding:
    remedy = _BY_HAND.get(written.entity, f"Correct it in {written.target} by hand.")
    return Finding("UNDO_UNSUPPORTED", "skip", why, remedy)
