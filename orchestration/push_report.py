"""Approvals, applications and the auditor's report, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from orchestration.plan_report import money, show_totals
from orchestration.printing import a_table, console
from orchestration.pushing import Push
from orchestration.summaries import plain
from pipelines.push.approve import Approved
from pipelines.push.control_totals import control_totals
from pipelines.push.operations import Operation
from pipelines.push.plan import Plan
from pipelines.push.reject import Rejected

Names = Mapping[str, str]
_NOT_DONE = ("rejected", "dropped_fields", "unknown", "skipped", "sent", "approved", "unsupported")


def plan_figures(plan: Plan) -> dict[str, Any]:
    """Return what `plan --json` and `undo --json` print."""
    return plain(plan) | {"is_empty": plan.is_empty}


def approved_figures(done: Approved) -> dict[str, Any]:
    """Return what `approve --json` prints."""
    return {
        "plan_id": done.plan_id,
        "is_complete": done.is_complete,
        "approved_by": done.approved_by,
        "method": done.method,
        "approved": [_named(each) for each in done.operations],
        "refused": [{**_named(each), "why": why} for each, why in done.refused],
        "waiting": [{**_named(each), "for": other} for each, other in done.waiting],
        "control_totals": done.control_totals,
    }


def push_figures(done: Push) -> dict[str, Any]:
    """Return what `apply --json` prints."""
    return {
        "plan_id": done.plan.plan_id,
        "is_complete": done.is_complete,
        "statuses": dict(done.summary.statuses) if done.summary else None,
        "stopped": done.summary.stopped if done.summary else {},
        "waiting": done.summary.waiting if done.summary else {},
        "withdrawn": done.withdrawn,
        "refused": done.refused,
        "operations": [
            {**_named(each), "status": each.status, "findings": plain(each.findings)}
            for each in done.plan.operations
        ],
    }


def show_approved(done: Approved, names: Names) -> None:
    """Print what was approved, with its totals, and what was not and why."""
    out = console()
    out.print(
        f"Plan {done.plan_id}: {len(done.operations)} records approved by {done.approved_by}."
    )
    for each, why in done.refused:
        out.print(f"NOT APPROVED: {each.label}: {why}")
    for each, other in done.waiting:
        out.print(f"WAITS: {each.label}: for {other}, which is not approved.")
    if done.operations:
        show_totals(out, done.control_totals, names)
        out.print(f"\nWrite them with `xero-crm apply {done.plan_id}`.")


def rejected_figures(done: Rejected) -> dict[str, Any]:
    """Return what `reject --json` prints."""
    return {
        "plan_id": done.plan_id,
        "rejected_by": done.rejected_by,
        "rejected": [_named(each) for each in done.operations],
        "refused": [{**_named(each), "why": why} for each, why in done.refused],
    }


def show_rejected(done: Rejected) -> None:
    """Print what was rejected, and what it was too late for."""
    out = console()
    out.print(
        f"Plan {done.plan_id}: {len(done.operations)} records rejected by {done.rejected_by}."
    )
    for each, why in done.refused:
        out.print(f"NOT REJECTED: {each.label}: {why}")


def show_push(done: Push) -> None:
    """Print how many records ended how, and each that is not confirmed with the reason."""
    out = console()
    for title, found in (("WITHDRAWN", done.withdrawn), ("NOT APPROVED", done.refused)):
        for label, why in found.items():
            out.print(f"{title}: {label}: {why}")
    if done.summary is None:
        out.print("Nothing was written.")
        return
    counts = ", ".join(f"{number} {status}" for status, number in done.summary.statuses.items())
    out.print(f"Plan {done.plan.plan_id}: {counts or 'nothing to write'}.")
    for where, why in done.summary.stopped.items():
        out.print(f"STOPPED: {where}: {why}")
    for label, other in done.summary.waiting.items():
        out.print(f"WAITS: {label}: for {other}")
    for each in done.plan.operations:
        if each.status in _NOT_DONE:
            said = " ".join(
                f"{finding['message']} {finding.get('remedy') or ''}".strip()
                for finding in each.findings[-1:]
            )
            out.print(f"{each.status.replace('_', ' ').upper()}: {each.label}: {said}")


def ask_at_terminal(names: Names) -> Any:
    """Return the question that `apply` asks on a terminal; the answer is an approval."""

    def ask(plan: Plan, operations: Sequence[Operation]) -> bool:
        out = console()
        show_totals(out, control_totals(operations), names)
        question = f"\nWrite these {len(operations)} records of plan {plan.plan_id}?"
        return typer.confirm(question, default=False, err=True)

    return ask


def show_pushes(rows: Sequence[Mapping[str, Any]], names: Names) -> None:
    """Print the auditor's rows, the columns that fit; all of them are in the CSV."""
    out = console()
    columns = ("at (UTC)", "organisation", "record", "total", "approved by", "outcome", "number")
    table = a_table("Pushes", *columns, "what was said", numbers=("total",))
    for row in rows:
        total = money(row["total"]) if row["total"] is not None else ""
        how = f" ({row['method']})" if row["method"] else ""
        table.add_row(
            f"{row['at']:%Y-%m-%d %H:%M:%S}",
            names.get(row["tenant_id"], row["tenant_id"]),
            f"{row['operation']} {row['label']}",
            f"{total} {row['currency_code'] or ''}".strip(),
            f"{row['approved_by'] or ''}{how}",
            row["outcome"] or row["status"],
            row["target_number"] or row["target_id"] or "",
            " ".join(
                each for each in (row["messages"], row["warnings"], row["differences"]) if each
            ),
        )
    out.print(table)
    out.print(f"{len(rows)} rows. --csv prints every column.")


def _named(operation: Operation) -> dict[str, Any]:
    names = ("operation_id", "tenant_id", "target", "entity", "record_key", "operation", "label")
    return {name: getattr(operation, name) for name in names}
