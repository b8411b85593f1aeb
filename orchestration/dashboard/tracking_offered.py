"""Chooses which tracking categories and options are offered for new documents."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import streamlit as st

from orchestration.dashboard import published
from orchestration.dashboard.choices import organisation_names
from orchestration.dashboard.deeds import do
from orchestration.dashboard.people import Person
from orchestration.dashboard.shown import NothingToShow
from orchestration.relevance import Row, is_offered, offered_rows
from orchestration.tracking_choices import TRACKING


def show_tracking_offered(who: Person) -> None:
    """Show what is offered, to be changed.

    Raises:
        NothingToShow: No organisation has tracking.
    """
    held = published.rows(TRACKING)
    if not held:
        raise NothingToShow(
            "No tracking category was found", "Make one in Xero, then `xero-crm run`."
        )
    names = organisation_names()
    tenants = list(dict.fromkeys(row["tenant_id"] for row in held))
    tenant = st.selectbox(
        "Organisation",
        sorted(tenants, key=lambda each: names.get(each) or str(each)),
        format_func=lambda each: names.get(each) or str(each),
        key="tracking_of",
        width=260,
    )
    st.caption(
        "What is not offered is put on no new document; a record that already has it keeps it. It"
        " is kept in tracking_relevance.csv."
    )
    rows = offered_rows(published.settings())
    of_tenant = [row for row in held if row["tenant_id"] == tenant]
    with st.form("tracking", border=False):
        changes = [
            change
            for _, group in groupby(of_tenant, key=lambda row: row["tracking_category_id"])
            for change in _ask_category(rows, list(group))
        ]
        saves = st.form_submit_button("Save", type="primary", disabled=who.why_not is not None)
    if saves and changes:
        do("Writing tracking_relevance.csv", ["relevance", str(tenant), *changes])
    elif saves:
        st.info("Nothing was changed.")


def _ask_category(rows: list[Row], options: list[dict[str, Any]]) -> list[str]:
    """Ask about a category and its options; give the changes as the command takes them."""
    first = options[0]
    category = (first["tracking_category_id"], first["tracking_category_name"])
    slot = f"Analysis {first['analysis_slot']}" if first["analysis_slot"] else "no Analysis slot"
    changes = []
    with st.container(border=True):
        mandatory = first["is_mandatory_on"]
        st.markdown(
            f"**{category[1]}** ({slot})"
            + (f" · asked for on {mandatory.replace('_', ' ')}" if mandatory else "")
        )
        changes += _ask(rows, first, category, ("", ""), "The category", "")
        for row in options:
            option = (row["tracking_option_id"], row["tracking_option_name"])
            is_archived = bool(row["reason"]) and "archived" in row["reason"]
            note = " (archived in Xero)" if is_archived else ""
            changes += _ask(rows, row, category, option, row["tracking_option_name"], note)
    return changes


def _ask(
    rows: list[Row],
    row: dict[str, Any],
    category: tuple[str, str],
    option: tuple[str, str],
    label: str,
    note: str,
) -> list[str]:
    held = is_offered(rows, row["tenant_id"], category, option)
    name = category[0] + (f"/{option[0]}" if option[0] else "")
    wanted = st.checkbox(
        f"{label}{note}", held, key=f"offer-{row['tenant_id']}-{name}", disabled=bool(note)
    )
    return [] if wanted == held else ["--offer" if wanted else "--hide", name]
