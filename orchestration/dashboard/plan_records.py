"""The records of a plan, a page at a time: each field before and after, reasons, outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from orchestration.dashboard.deeds import ask_first, do
from orchestration.dashboard.people import Person
from orchestration.dashboard.plans import decisions_on, outcomes_of
from orchestration.dashboard.shown import at, count, money
from orchestration.plan_report import shown
from pipelines.push.changes import leaves
from pipelines.push.control_totals import is_in_locked_period
from pipelines.push.operations import Operation
from pipelines.push.plan import Plan

PAGE = 10
STATUSES = (
    *("planned", "approved", "sent", "blocked", "unsupported", "rejected", "unknown"),
    *("dropped_fields", "skipped", "confirmed"),
)
_COLOURS = {
    "planned": "blue",
    "approved": "violet",
    "confirmed": "green",
    "blocked": "orange",
    "unsupported": "gray",
    "skipped": "gray",
    "not wanted": "gray",
}


def show_records(
    plan: Plan, rejected: frozenset[str], names: Mapping[str, str], who: Person
) -> None:
    """Show the records that a person asks for, and let him decide on those that wait for it."""
    if not plan.operations:
        return
    st.subheader("Record by record")
    found = _chosen(plan, names)
    if not found:
        st.info("No record is like that.")
        return
    waits = {each.operation_id for each in plan.planned_only} - rejected
    open_ones = [each for each in found if each.operation_id in waits]
    _offer_all(plan, open_ones, len(waits), len(found), who)
    pages = -(-len(found) // PAGE)
    page = 1
    if pages > 1:
        page = int(st.number_input(f"Page, of {pages:,}", 1, pages, key="records_page", width=160))
    shown_ones = found[(page - 1) * PAGE : page * PAGE]
    ids = [each.operation_id for each in shown_ones]
    decisions, outcomes = decisions_on(ids), outcomes_of(ids)
    for each in shown_ones:
        decision = decisions.get(each.operation_id)
        is_unwanted = each.operation_id in rejected and each.status == "planned"
        state = "not wanted" if is_unwanted else each.status
        with st.expander(_title(each, state, names), expanded=len(found) == 1):
            _show_record(each, decision, outcomes.get(each.operation_id))
            _offer_decision(each, state, who)


def _chosen(plan: Plan, names: Mapping[str, str]) -> list[Operation]:
    kinds = list(dict.fromkeys(_kind(each) for each in plan.operations))
    statuses = [each for each in STATUSES if any(o.status == each for o in plan.operations)]
    tenants = list(dict.fromkeys(each.tenant_id for each in plan.operations))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        status = st.selectbox(
            "Status",
            ["Any", *statuses],
            index=1 if statuses[:1] == ["planned"] else 0,
            format_func=_status_name,
            key="status",
            width=170,
        )
        kind = st.selectbox("Kind", ["Any", *kinds], key="kind", width=230)
        tenant = st.selectbox(
            "Organisation",
            ["Any", *tenants],
            format_func=lambda each: names.get(each, each),
            key="plan_tenant",
            width=240,
        )
        text = st.text_input("Name holds", key="name", width=180).strip().lower()
    return [
        each
        for each in plan.operations
        if status in ("Any", each.status)
        and kind in ("Any", _kind(each))
        and tenant in ("Any", each.tenant_id)
        and text in each.label.lower()
    ]


def _offer_all(
    plan: Plan, open_ones: Sequence[Operation], waiting: int, found: int, who: Person
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(f"{count(found, 'record')}, {len(open_ones):,} to decide.")
        if open_ones and st.button(
            f"Approve all {len(open_ones):,}",
            icon=":material/done_all:",
            disabled=who.why_not is not None,
        ):
            only = [part for each in open_ones for part in ("--only", each.operation_id)]
            if len(open_ones) == waiting:
                only = []  # without a name, all are approved that nobody rejected
            ask_first(
                f"Approve {count(len(open_ones), 'record')} of plan {plan.plan_id}?",
                [f"{each.operation} {each.label}" for each in open_ones],
                "Approve",
                "Approving",
                ["approve", plan.plan_id, *only],
            )


def _title(each: Operation, state: str, names: Mapping[str, str]) -> str:
    colour = _COLOURS.get(state, "red")
    label = each.label.replace("[", "(").replace("]", ")").replace("$", "\\$")
    return (
        f":{colour}-badge[{_status_name(state)}] **{each.operation}** {label} ·"
        f" {_kind(each)} · {names.get(each.tenant_id, each.tenant_id)}"
    )


def _show_record(
    each: Operation, decision: Mapping[str, Any] | None, outcome: Mapping[str, Any] | None
) -> None:
    for finding in each.findings:
        said = f"{finding['message']} {finding.get('remedy') or ''}".strip()
        stops = finding["severity"] in ("block", "hold")
        st.markdown(f"{':orange[Stopped:]' if stops else 'Note:'} {said} `{finding['rule']}`")
    if decision:
        st.markdown(
            f"{decision['decision'].capitalize()} by **{decision['approved_by']}**"
            f" ({decision['method']}), {at(decision['approved_at'])}."
        )
    if outcome:
        _show_outcome(outcome)
    _show_facts(each.facts)
    changes = [(c["field"], shown(c["before"]), shown(c["after"])) for c in each.changes]
    if each.operation == "create" or not changes:
        fields = [(path, shown(value)) for path, value in leaves(each.payload)]
        _show_fields(("Field", "To be written"), fields)
    else:
        _show_fields(("Field", "Before", "After"), changes)


def _show_outcome(outcome: Mapping[str, Any]) -> None:
    number = outcome["target_number"] or outcome["target_id"]
    where = f" as **{number}**" if number else ""
    state = (outcome["outcome"] or "no answer yet").replace("_", " ")
    st.markdown(f"Outcome: **{state}**{where}, {at(outcome['answered_at'])}.")
    for said in (*outcome["errors"], *outcome["warnings"]):
        st.markdown(f":red[It said:] {said}")
    for each in outcome["differences"]:
        st.markdown(f"{each['field']}: sent {each['sent']}, held {each['held']}")


def _show_facts(facts: Mapping[str, Any]) -> None:
    if not facts.get("document_type"):
        if facts.get("template_contact"):
            st.markdown(f"Made from the template {facts['template_contact']}.")
        return
    currency = facts.get("currency_code") or ""
    parts = []
    if facts.get("source_total") is not None:
        parts.append(
            f"Total {money(facts['source_total'])} in the source,"
            f" {money(facts.get('target_total'))} in the target {currency}".strip()
        )
    lock = f", lock date {facts['lock_date']}" if facts.get("lock_date") else ""
    locked = " :red[in a locked period]" if is_in_locked_period(facts) else ""
    parts.append(f"dated {facts.get('document_date') or 'not'}{lock}{locked}")
    if facts.get("contact"):
        template = facts.get("template_contact")
        made = f", made from {template}" if facts["contact"] == "new" and template else ""
        parts.append(f"{facts['contact']} contact {facts.get('contact_name') or ''}{made}")
    st.markdown(" · ".join(parts))


def _show_fields(titles: Sequence[str], fields: Sequence[Sequence[str]]) -> None:
    """Show a table of texts that reads well on a narrow page, for a keyboard and a reader too."""
    st.table(
        {title: [row[place] for row in fields] for place, title in enumerate(titles)},
        hide_index=True,
    )


def _offer_decision(each: Operation, state: str, who: Person) -> None:
    if each.status not in ("planned", "approved"):
        return
    with st.container(horizontal=True):
        may = who.why_not is None
        if each.status == "planned" and st.button(
            "Approve", key=f"approve-{each.operation_id}", type="primary", disabled=not may
        ):
            do(f"Approving {each.label}", ["approve", each.plan_id, "--only", each.operation_id])
        if state != "not wanted" and st.button(
            "Reject", key=f"reject-{each.operation_id}", disabled=not may
        ):
            do(f"Rejecting {each.label}", ["reject", each.plan_id, "--only", each.operation_id])
        if may:
            st.caption(f"As {who.name}")


def _kind(each: Operation) -> str:
    return f"{each.target} {each.entity.replace('_', ' ')}"


def _status_name(status: str) -> str:
    return {"planned": "to decide"}.get(status, status.replace("_", " "))
