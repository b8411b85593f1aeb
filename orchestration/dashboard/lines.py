"""The lines behind a figure, a page at a time, each with a link to its document in Xero."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import streamlit as st

from orchestration.dashboard import published
from orchestration.dashboard.breakdowns import Breakdown, Subject, line_parameters, lines_where
from orchestration.dashboard.choices import Choice
from orchestration.dashboard.shown import (
    count,
    date_column,
    in_sentence,
    link_column,
    money,
    money_column,
    offer_files,
    show_table,
    text_column,
)
from orchestration.dashboard.xero_links import xero_link

PAGE = 50
MOST_PARTS = 500
MOST_LINES_TAKEN = 200_000

_COLUMNS = """
select tenant_id, document_date, document_label, contact_name, description, reference,
    analysis_code, analysis_name, tracking_option_2, tracking_option_3,
    cast(net_amount_base as decimal(18, 2)) as amount, document_type, document_id, line_id
"""
_NEWEST_FIRST = " order by document_date desc, document_id, line_id"


def show_lines(
    subject: Subject, breakdown: Breakdown, kind: str, totals: pa.Table, choice: Choice
) -> None:
    """Show the lines of a part that a person chooses."""
    st.subheader("Lines behind a figure")
    parts = totals.slice(0, MOST_PARTS).to_pylist()
    several = choice.is_of_several
    chosen = st.selectbox(
        "Show the lines of",
        range(len(parts)),
        index=None,
        format_func=lambda place: _named(parts[place], several=several),
        placeholder=f"{in_sentence(breakdown.name)} of the table above",
        key="lines_of",
    )
    if chosen is None or chosen >= len(parts):
        return
    part = parts[chosen]
    tenants = choice.parameters() | {"tenants": [part["tenant_id"]]}
    parameters = line_parameters(tenants, kind, part["part"])
    where = lines_where(breakdown)
    whole = published.rows(
        "select count(*) as lines, cast(coalesce(sum(net_amount_base), 0) as decimal(18, 2))"
        f" as amount {where}",
        parameters,
    )[0]
    st.write(f"{count(whole['lines'], 'line')}, {money(whole['amount'])} {choice.currency} in all.")
    _say_what_has_no_line(subject, part, whole)
    if not whole["lines"]:
        return
    pages = -(-whole["lines"] // PAGE)
    page = 1
    if pages > 1:
        page = int(st.number_input(f"Page, of {pages:,}", 1, pages, key="page", width=160))
    limited = f"{_COLUMNS} {where} {_NEWEST_FIRST} limit {PAGE} offset {(page - 1) * PAGE}"
    _show_page(_linked(published.table(limited, parameters), choice), choice)
    offer_files(
        f"{subject.tables}_lines",
        lambda: published.unremembered(
            f"{_COLUMNS} {where} {_NEWEST_FIRST} limit {MOST_LINES_TAKEN}", parameters
        ),
        key="lines",
    )
    if whole["lines"] > MOST_LINES_TAKEN:
        st.caption(f"The files have the newest {MOST_LINES_TAKEN:,} lines.")


def _say_what_has_no_line(subject: Subject, part: dict[str, Any], whole: dict[str, Any]) -> None:
    rest = part["amount"] - whole["amount"]
    if rest and subject.tables == "cost_of_sales":
        st.caption(
            f"{money(rest)} more is the cost that Xero posts by itself for the stock it keeps; it"
            " is in no document."
        )


def _show_page(found: pa.Table, choice: Choice) -> None:
    columns = {
        "document_date": date_column("Date"),
        "document_label": text_column("Document"),
        "link": link_column("In Xero", "Open"),
        "amount": money_column(f"Net, {choice.currency}"),
        "contact_name": text_column("Contact"),
        "description": text_column("Line", width="large"),
        "analysis_code": text_column("Code"),
        "tracking_option_2": text_column("Analysis 2"),
        "tracking_option_3": text_column("Analysis 3"),
        "reference": text_column("Reference"),
    }
    show_table(found, columns, key="lines", alt="The lines, the newest first")


def _linked(found: pa.Table, choice: Choice) -> pa.Table:
    links = [
        xero_link(
            choice.short_codes.get(row["tenant_id"]), row["document_type"], row["document_id"]
        )
        for row in found.select(["tenant_id", "document_type", "document_id"]).to_pylist()
    ]
    return found.append_column("link", pa.array(links, pa.string()))


def _named(part: dict[str, Any], *, several: bool) -> str:
    organisation = f" · {part['organisation_name']}" if several else ""
    return f"{part['label']}{organisation} · {money(part['amount'])}"
