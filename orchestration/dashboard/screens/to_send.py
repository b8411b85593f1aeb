"""The plan: what would be written, field by field; approved, rejected and written from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import streamlit as st

from orchestration.dashboard.choices import organisation_names
from orchestration.dashboard.deeds import ask_first, do, show_last_deed
from orchestration.dashboard.people import Person, person
from orchestration.dashboard.plan_records import STATUSES, show_records
from orchestration.dashboard.plans import latest_plans, plan_as_it_stands, rejected_of
from orchestration.dashboard.shown import (
    NothingToShow,
    at,
    count,
    money_column,
    number_column,
    show_table,
    text_column,
)
from orchestration.dashboard.tracking_offered import show_tracking_offered
from orchestration.plan_report import AMOUNTS, COUNTS, TOTALS
from pipelines.push.ledger import ledger_now
from pipelines.push.plan import Plan

NAMES = {"planned": "to decide", "unsupported": "unsupported", "dropped_fields": "fields dropped"}


def show() -> None:
    """Show the page.

    Raises:
        NothingToShow: Nothing was ever planned.
    """
    who = person()
    if who.why_not:
        st.warning(who.why_not, icon=":material/lock:")
    show_last_deed()
    what = st.segmented_control(
        "Show", ["The plan", "Tracking on offer"], default="The plan", required=True, key="what"
    )
    if what == "Tracking on offer":
        show_tracking_offered(who)
        return
    plans = latest_plans()
    _offer_deeds(who)
    if not plans:
        raise NothingToShow(
            "Nothing is planned yet",
            "Switch on what may be written in push_policy.csv, then `xero-crm run`, or plan here.",
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        plan_id = st.selectbox(
            "Plan",
            [each["plan_id"] for each in plans],
            format_func=lambda each: _plan_name(plans, each),
            key="plan",
            width=330,
        )
    plan = plan_as_it_stands(str(plan_id))
    names = organisation_names()
    rejected = rejected_of(plan.plan_id)
    _show_head(plan, rejected, names)
    _show_totals(plan, names)
    _offer_to_write(plan, who)
    show_records(plan, rejected, names, who)


def _plan_name(plans: Sequence[Mapping[str, Any]], plan_id: str) -> str:
    row = next(each for each in plans if each["plan_id"] == plan_id)
    what = "undoes" if row["undo_of"] else "planned"
    return f"{plan_id}, {what} {at(row['created_at'])}"


def _offer_deeds(who: Person) -> None:
    with st.container(horizontal=True):
        if st.button(
            "Refresh configuration from Xero",
            icon=":material/sync:",
            disabled=who.why_not is not None,
            help="Reads accounts, tax, tracking and items now; the next build and plan use them.",
        ):
            do("Reading the configuration", ["sync", "--only", "configuration"])
        if st.button("Plan again", icon=":material/refresh:", disabled=who.why_not is not None):
            do("Planning", ["plan"])


def _show_head(plan: Plan, rejected: frozenset[str], names: Mapping[str, str]) -> None:
    is_open = ledger_now() < plan.expires_at
    until = "It can be approved until" if is_open else "It expired on"
    st.write(
        f"Made {at(plan.created_at)} by {plan.created_by}. {until} {at(plan.expires_at)}."
        " Nothing is written before somebody approves it."
    )
    for stop in plan.stops:
        name = names.get(stop["tenant_id"], stop["tenant_id"])
        st.error(f"**{name} is stopped:** {stop['message']} {stop['remedy']}")
    counts = Counter(
        "rejected by a person" if each.operation_id in rejected and each.status == "planned"
        else each.status
        for each in plan.operations
    )  # fmt: skip
    if not plan.operations:
        st.success("Nothing is to be written: the other systems hold what they should.")
        return
    with st.container(horizontal=True):
        for status, number in sorted(counts.items(), key=lambda pair: _place(pair[0])):
            name = NAMES.get(status, status.replace("_", " "))
            st.metric(name.capitalize(), f"{number:,}", border=True, width=170)


def _place(status: str) -> int:
    return STATUSES.index(status) if status in STATUSES else len(STATUSES)


def _show_totals(plan: Plan, names: Mapping[str, str]) -> None:
    st.subheader("Control totals")
    shown = [each for each in TOTALS if plan.control_totals.get(each[0])]
    if not shown:
        st.caption("No document, journal or contact is to be written.")
        return
    st.caption("Of all that the plan would write, by organisation and currency; never added up.")
    for key, title, columns in shown:
        rows = plan.control_totals[key]
        with st.expander(title, expanded=key == "documents"):
            _show_total(key, columns, rows, names)
    for row in plan.control_totals.get("differences") or ():
        st.warning(
            f"{row['label']}: {row['source_total']} in the source, {row['target_total']} in the"
            " target."
        )


def _show_total(
    key: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
) -> None:
    several = len({row["tenant_id"] for row in rows}) > 1
    found = [
        {
            **{name: _typed(name, row.get(name)) for name in columns},
            "organisation": names.get(row["tenant_id"], row["tenant_id"]),
        }
        for row in rows
    ]
    looks = {
        name: money_column(label.capitalize())
        if name in AMOUNTS
        else number_column(label.capitalize())
        if name in COUNTS
        else text_column(label.capitalize())
        for name, label in columns.items()
    }
    looks["organisation"] = text_column("Organisation")
    if not several:
        st.caption(found[0]["organisation"])
        del looks["organisation"]
    show_table(pa.Table.from_pylist(found), looks, key=f"total-{key}", alt=key)


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in AMOUNTS:
        return Decimal(str(value))
    return value if name in COUNTS else str(value).replace("_", " ")


def _offer_to_write(plan: Plan, who: Person) -> None:
    approved = [each for each in plan.operations if each.status in ("approved", "sent", "unknown")]
    if not approved:
        return
    st.subheader("Write what is approved")
    st.write(
        f"{count(len(approved), 'record is', 'records are')} approved and not yet written. Each is"
        " read back after it is written, and compared. What push_policy.csv approves by itself is"
        " written with them."
    )
    if st.button(
        f"Write {count(len(approved), 'record')}",
        type="primary",
        icon=":material/send:",
        disabled=who.why_not is not None,
    ):
        ask_first(
            f"Write {count(len(approved), 'record')} of plan {plan.plan_id}?",
            [f"{each.operation} {each.label}" for each in approved],
            "Write",
            "Writing",
            ["apply", plan.plan_id],
        )
