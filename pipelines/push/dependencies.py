"""What must be in a target before a record can be written: contacts before documents, and so on.

Pure. A record whose need will not be met is blocked in the plan, with the reason, instead of being
tried. `held` and `written` are (tenant_id, "<target>__<entity>/<record_key>"): what the published
file shows in the target, and what the ledger knows to be there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipelines.push.decision import BLOCKED, PLANNED, UNSUPPORTED, Decision
from pipelines.push.desired import DesiredRecord
from pipelines.push.operations import MARK, Finding
from pipelines.push.policy import OFF


def needed(
    record: DesiredRecord,
    decision: Decision,
    held: set[tuple[str, str]],
    written: Mapping[tuple[str, str], str | None],
) -> tuple[str, ...]:
    """Return what must be there first. A record that the target holds is; a mark waits for ours."""
    if decision.operation == MARK:
        return record.depends_on
    tenant_id = record.tenant_id
    return tuple(
        each
        for each in record.depends_on
        if (tenant_id, each) in written or (tenant_id, each) not in held
    )


def with_dependencies(
    decision: Decision,
    tenant_id: str,
    needs: Sequence[str],
    states: Mapping[tuple[str, str], tuple[str, str]],
    written: Mapping[tuple[str, str], str | None],
) -> Decision:
    """Block a record that needs another which will not be there."""
    if decision.status != PLANNED:
        return decision
    for reference in needs:
        state, label = states.get((tenant_id, reference), (None, reference))
        if state == PLANNED or (tenant_id, reference) in written:
            continue
        if state == OFF:
            why, remedy = "which is switched off", "Switch it on in push_policy.csv, or enter it."
        elif state in (BLOCKED, UNSUPPORTED):
            why, remedy = f"which is {state}", "Settle that first; its reason is in this plan."
        else:
            why, remedy = "of which nothing is known", "Run `xero-crm run`, then plan again."
        what = f"It needs {label}, {why}."
        finding = Finding("DEPENDENCY", "hold", what, remedy).as_json()
        return replace(decision, status=BLOCKED, findings=(*decision.findings, finding))
    return decision
