"""The page of a subject: total and change, a chart by month, a table of parts, the lines behind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import altair as alt
import pyarrow as pa
import streamlit as st

from orchestration.dashboard import published
from orchestration.dashboard.breakdowns import (
    MOST_SERIES,
    Breakdown,
    Subject,
    as_mapped,
    breakdowns,
    months_before_query,
    months_query,
    totals_query,
)
from orchestration.dashboard.choices import Choice, choose, months_between, months_on
from orchestration.dashboard.lines import show_lines
from orchestration.dashboard.shown import (
    NothingToShow,
    change,
    count,
    in_sentence,
    ink,
    money,
    money_column,
    month,
    number_column,
    offer_files,
    show_table,
    text_column,
)


def show_subject(subject: Subject) -> None:
    """Show the page of revenue or of cost of sales.

    Raises:
        NothingToShow: There is nothing of what was chosen.
    """
    choice = choose(f"reporting.{subject.tables}_by_analysis_code")
    breakdown, kind, kind_name = _choose_breakdown(subject)
    income_kind = kind if subject.tables == "revenue" else None
    parameters = choice.parameters() | {"kind": kind}
    totals = published.table(totals_query(breakdown, income_kind), parameters)
    if not totals.num_rows:
        raise NothingToShow(
            f"There is no {subject.name.lower()} of this kind in {choice.period}",
            "Choose another period or organisation.",
        )
    _show_whole(totals, choice, subject.whole(kind_name))
    _show_chart(breakdown, income_kind, choice, parameters)
    _show_parts(subject, breakdown, totals, choice)
    show_lines(subject, breakdown, kind, totals, choice)


def _choose_breakdown(subject: Subject) -> tuple[Breakdown, str, str]:
    ways = breakdowns(subject)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.segmented_control(
            "By",
            list(ways),
            default="Analysis code",
            required=True,
            key="by",
            bind="query-params",
            wrap=True,
        )
        breakdown = ways[str(name)]
        if name == "Analysis code":
            codes = st.segmented_control(
                "Codes",
                ["As posted", "As mapped"],
                default="As posted",
                required=True,
                key="codes",
                bind="query-params",
                help="As mapped: by the codes that analysis_code_map.csv reports accounts under.",
            )
            breakdown = as_mapped(subject) if codes == "As mapped" else breakdown
        kinds = subject.line_kinds
        kind = next(iter(kinds))
        if len(kinds) > 1:
            kind = str(
                st.segmented_control(
                    "Income",
                    list(kinds),
                    default=kind,
                    required=True,
                    key="income",
                    bind="query-params",
                )
            )
    return breakdown, kinds[kind], kind


def _show_whole(totals: pa.Table, choice: Choice, name: str) -> None:
    now, before = _sum(totals, "amount"), _sum(totals, "before")
    with st.container(horizontal=True):
        st.metric(
            f"{name}, {choice.currency}",
            money(now),
            delta=change(now, before) if choice.before else None,
            delta_description=f"on {choice.before}" if choice.before else None,
            delta_color="off",
            border=True,
            width=300,
            height="stretch",
        )
        if choice.before:
            st.metric(
                f"{choice.before}, {choice.currency}",
                money(before),
                border=True,
                width=300,
                height="stretch",
            )
        st.metric(
            "Lines",
            f"{sum(totals['lines'].to_pylist()):,}",
            border=True,
            width=160,
            height="stretch",
        )


def _show_chart(
    breakdown: Breakdown, kind: str | None, choice: Choice, parameters: dict[str, Any]
) -> None:
    by_month = breakdown.name == "Month"
    series = published.rows(months_query(breakdown, kind), parameters)
    order = {row["label"]: row["place"] for row in sorted(series, key=lambda row: -row["place"])}
    labels = sorted(order, key=lambda label: order[label])
    drawn = [
        {
            "month": row["month"].isoformat(),
            "label": choice.currency if by_month else row["label"],
            "place": 0 if by_month else row["place"],
            "amount": float(row["amount"]),  # a picture needs no cents
        }
        for row in series
    ]
    x = alt.X("yearmonth(month):O", title=None, axis=alt.Axis(format="%b %y", labelOverlap=True))
    y = alt.Y("amount:Q", title=choice.currency, axis=alt.Axis(format="~s"))
    tip = [
        alt.Tooltip("yearmonth(month):O", title="Month", format="%b %Y"),
        alt.Tooltip("label:N", title=breakdown.name),
        alt.Tooltip("amount:Q", title=choice.currency, format=",.2f"),
    ]
    bars = alt.Chart(alt.Data(values=drawn)).mark_bar().encode(x=x, y=y, tooltip=tip)
    if not by_month:
        legend = alt.Legend(orient="bottom", columns=2, title=None, labelLimit=115)
        bars = bars.encode(
            color=alt.Color("label:N", sort=labels, scale=alt.Scale(domain=labels), legend=legend),
            order=alt.Order("place:Q"),
        )
    st.altair_chart(
        bars + _before(breakdown, kind, choice, parameters) if choice.before else bars,
        height=340 if by_month else 420,
        alt=f"{breakdown.name} by month, {choice.period}, in {choice.currency}",
    )
    notes = [f"Marks: the whole of the month in {choice.before}."] if choice.before else []
    if "All others" in labels:
        notes.append(f"The {MOST_SERIES} largest by name, the others together.")
    if notes:
        st.caption(" ".join(notes))


def _before(
    breakdown: Breakdown, kind: str | None, choice: Choice, parameters: dict[str, Any]
) -> alt.Chart:
    assert choice.before is not None
    shift = months_between(choice.before.first, choice.period.first)
    values = [
        {
            "month": months_on(row["month"], shift).isoformat(),
            "of": month(row["month"]),
            "amount": float(row["amount"]),
        }
        for row in published.rows(months_before_query(breakdown, kind), parameters)
    ]
    return (
        alt.Chart(alt.Data(values=values))
        .mark_tick(thickness=3, color=ink(), orient="horizontal")
        .encode(
            x="yearmonth(month):O",
            y="amount:Q",
            tooltip=[
                alt.Tooltip("of:N", title="Before"),
                alt.Tooltip("amount:Q", title=choice.currency, format=",.2f"),
            ],
        )
    )


def _show_parts(subject: Subject, breakdown: Breakdown, totals: pa.Table, choice: Choice) -> None:
    st.subheader(f"{subject.name} by {in_sentence(breakdown.name)}")
    columns = {
        "label": text_column(breakdown.name),
        "amount": money_column(f"{choice.currency}", f"{choice.period}"),
        "before": money_column(f"{choice.currency} before", f"{choice.before}"),
        "lines": number_column("Lines"),
        "organisation_name": text_column("Organisation"),
    }
    if not choice.is_of_several:
        del columns["organisation_name"]
    if not choice.before:
        del columns["before"]
    show_table(totals, columns, key="parts", alt=f"{subject.name} by {breakdown.name}")
    names = [
        name for name in ("organisation_name", "part", *columns) if name in totals.column_names
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_files(
            f"{subject.tables}_{choice.period.first:%Y-%m}_{choice.period.last:%Y-%m}",
            lambda: totals.select(list(dict.fromkeys(names))),
            key="parts",
        )
        st.caption(f"{count(totals.num_rows, 'row')} · {money(_sum(totals, 'amount'))} in all")


def _sum(found: pa.Table, column: str) -> Decimal:
    return sum(found[column].to_pylist(), Decimal(0))
