"""A plan as a bookkeeper reads it: totals first, then what would be written, then what cannot be.

Nothing is decided here; the words of a finding are the rule's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console

from orchestration.printing import a_table, console
from pipelines.push.changes import leaves
from pipelines.push.control_totals import is_in_locked_period
from pipelines.push.operations import Operation
from pipelines.push.plan import Plan

Names = Mapping[str, str]
MOST_FIELDS = 12
"""Fields shown of a new record that is no document; all are in --json."""

TOTALS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (
        "documents",
        "Documents",
        {
            "document_type": "type",
            "currency_code": "currency",
            "documents": "documents",
            "net": "net",
            "tax": "tax",
            "gross": "gross",
        },
    ),
    (
        "accounts",
        "Debit and credit by account",
        {
            "account_code": "account",
            "account_name": "name",
            "currency_code": "currency",
            "debit": "debit",
            "credit": "credit",
        },
    ),
    (
        "taxes",
        "Tax by tax type",
        {
            "tax_type": "tax type",
            "document_type": "type",
            "currency_code": "currency",
            "net": "net",
            "tax": "tax",
        },
    ),
    (
        "tracking",
        "Amounts by tracking option",
        {"option": "option", "currency_code": "currency", "debit": "debit", "credit": "credit"},
    ),
    (
        "contacts",
        "Contacts",
        {
            "contact": "contact",
            "template_contact": "template",
            "contacts": "to create",
            "documents": "documents to them",
        },
    ),
    (
        "dates",
        "Dates",
        {
            "earliest": "earliest",
            "latest": "latest",
            "lock_date": "lock date",
            "in_locked_period": "in a locked period",
        },
    ),
)
AMOUNTS = ("net", "tax", "gross", "debit", "credit")
COUNTS = ("documents", "contacts", "in_locked_period")


def show_plan(plan: Plan, names: Names) -> None:
    """Print a plan; `names` are the organisations' by tenant_id."""
    out = console()
    what = "undoes " + ", ".join(plan.undo_of) if plan.undo_of else "what would be written"
    out.print(f"Plan {plan.plan_id}: {what}", style="bold")
    out.print(
        f"Made {plan.created_at:%d %b %Y %H:%M} UTC by {plan.created_by}; it can be approved until"
        f" {plan.expires_at:%d %b %Y %H:%M} UTC."
    )
    for stop in plan.stops:
        name = names.get(stop["tenant_id"], stop["tenant_id"])
        out.print(f"STOPPED: {name}: {stop['message']} {stop['remedy']}")
    show_totals(out, plan.control_totals, names)
    _show_counts(out, plan, names)
    for operation in ("create", "update", "delete", "mark"):
        chosen = [each for each in plan.planned if each.operation == operation]
        if chosen:
            _show_operations(out, operation, chosen, names)
    _show_held_back(out, plan, names)
    _show_what_next(out, plan)


def show_totals(
    out: Console, totals: Mapping[str, Sequence[Mapping[str, Any]]], names: Names
) -> None:
    """Print the control totals, a table each, with the decimal points below one another."""
    for key, title, columns in TOTALS:
        rows = totals.get(key) or ()
        if rows:
            numbers = [columns[name] for name in columns if name in (*AMOUNTS, *COUNTS)]
            table = a_table(title, "organisation", *columns.values(), numbers=numbers)
            for row in rows:
                cells = (_cell(name, row.get(name)) for name in columns)
                table.add_row(names.get(row["tenant_id"], row["tenant_id"]), *cells)
            out.print()
            out.print(table)
    for row in totals.get("differences") or ():
        out.print(
            f"DIFFERS: {row['label']}: {money(row['source_total'])} in the source,"
            f" {money(row['target_total'])} in the target."
        )


def _show_counts(out: Console, plan: Plan, names: Names) -> None:
    states = ("planned", "blocked", "unsupported", "unchanged", "off")
    titles = ("to do", "blocked", "unsupported", "unchanged", "switched off")
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for row in plan.control_totals["records"]:
        kind = f"{row['target']} {_words(row['entity'])}"
        counts = rows.setdefault((row["tenant_id"], kind), dict.fromkeys(states, 0))
        for state in states:
            counts[state] += row[state]
    table = a_table("Records", "organisation", "kind", *titles, numbers=titles)
    for (tenant_id, kind), counts in rows.items():
        table.add_row(names.get(tenant_id, tenant_id), kind, *(_count(counts[s]) for s in states))
    out.print()
    out.print(table)


def _show_operations(
    out: Console, operation: str, chosen: Sequence[Operation], names: Names
) -> None:
    out.print(f"\nTO {operation.upper()}: {len(chosen)}", style="bold")
    for each in chosen:
        who = names.get(each.tenant_id, each.tenant_id)
        approved = "" if each.status == "planned" else f" [{each.status}]"
        out.print(f"  {each.label} ({who}, {each.target} {_words(each.entity)}){approved}")
        if each.facts.get("document_type"):
            _show_document(out, each.facts)
        for change in each.changes:
            out.print(
                f"      {change['field']}: {shown(change['before'])} → {shown(change['after'])}"
            )
        if operation == "create" and not each.facts.get("document_type"):
            _show_fields(out, each)
        for finding in each.findings:
            out.print(f"      note: {_said(finding)}")


def _show_document(out: Console, facts: Mapping[str, Any]) -> None:
    currency = facts.get("currency_code") or ""
    if facts.get("source_total") is not None:
        totals = f"{money(facts['source_total'])} in the source"
        totals += f", {money(facts.get('target_total'))} in the target {currency}"
        out.print(f"      total {totals}")
    lock = f", lock date {facts['lock_date']}" if facts.get("lock_date") else ""
    locked = " IN A LOCKED PERIOD" if is_in_locked_period(facts) else ""
    out.print(f"      dated {facts.get('document_date') or 'not'}{lock}{locked}")
    if facts.get("contact"):
        template = facts.get("template_contact")
        by = f", made from {template}" if facts["contact"] == "new" and template else ""
        out.print(f"      {facts['contact']} contact: {facts.get('contact_name') or ''}{by}")


def _show_fields(out: Console, operation: Operation) -> None:
    fields = list(leaves(operation.payload))
    for path, value in fields[:MOST_FIELDS]:
        out.print(f"      {path}: {shown(value)}")
    if len(fields) > MOST_FIELDS:
        out.print(f"      and {len(fields) - MOST_FIELDS} fields more (--json)")
    if template := operation.facts.get("template_contact"):
        out.print(f"      made from the template {template}")


def _show_held_back(out: Console, plan: Plan, names: Names) -> None:
    for status, title in (("blocked", "BLOCKED"), ("unsupported", "UNSUPPORTED")):
        chosen = [each for each in plan.operations if each.status == status]
        if chosen:
            out.print(f"\n{title}: {len(chosen)}", style="bold")
        for each in chosen:
            out.print(f"  {each.label} ({names.get(each.tenant_id, each.tenant_id)})")
            for finding in each.findings:
                out.print(f"      {_said(finding)}")


def _show_what_next(out: Console, plan: Plan) -> None:
    out.print()
    if plan.is_empty:
        out.print("There is nothing to write.")
    elif any(each.status == "planned" for each in plan.operations):
        out.print(
            f"Nothing was written. Approve it with `xero-crm approve {plan.plan_id}`, or only some"
            " with --only and --except; write it with `xero-crm apply"
            f" {plan.plan_id}`."
        )


def money(amount: Any) -> str:
    """Return an amount as people write it; its own decimals, thousands apart."""
    return "unknown" if amount is None else f"{Decimal(str(amount)):,f}"


def shown(value: Any) -> str:
    """Return a field's value; nothing is shown as such."""
    return "(nothing)" if value in (None, "", [], {}) else str(value)


def _cell(name: str, value: Any) -> str:
    if name in AMOUNTS:
        return money(value)
    return f"{value:,}" if name in COUNTS else str(value if value is not None else "")


def _count(number: int) -> str:
    return f"{number:,}" if number else ""


def _said(finding: Mapping[str, Any]) -> str:
    remedy = f" {finding['remedy']}" if finding.get("remedy") else ""
    return f"{finding['message']}{remedy} [{finding['rule']}]"


def _words(text: str) -> str:
    return text.replace("_", " ")
