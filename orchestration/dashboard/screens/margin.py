"""What is left of trading income after cost of sales, where both sides carry the same analysis."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import altair as alt
import pyarrow as pa
import streamlit as st

from orchestration.dashboard import published
from orchestration.dashboard.choices import Choice, choose
from orchestration.dashboard.shown import (
    NothingToShow,
    change,
    in_sentence,
    money,
    money_column,
    offer_files,
    show_table,
    text_column,
)

_BY_OPTION = """
    select tenant_id, organisation_name, tracking_option_id,
        coalesce(tracking_option_name, '(no Analysis ' || $slot || ')') as label,
        {amounts}
    from reporting.gross_margin left join reporting.organisations using (tenant_id)
    where list_contains($tenants, tenant_id) and gross_margin.base_currency = $currency
        and analysis_slot = $slot
        and (month between $first and $last or month between $before_first and $before_last)
    group by tenant_id, organisation_name, tracking_option_id, label
    order by margin desc, label
"""
_BY_CODE = """
    select tenant_id, organisation_name, report_as_code as label, {amounts}
    from reporting.gross_margin_by_report_code
    left join reporting.organisations using (tenant_id)
    where list_contains($tenants, tenant_id)
        and gross_margin_by_report_code.base_currency = $currency
        and (month between $first and $last or month between $before_first and $before_last)
    group by tenant_id, organisation_name, label
    order by margin desc, label
"""
_NOW, _BEFORE = "month between $first and $last", "month between $before_first and $before_last"
_AMOUNTS = ", ".join(
    f"cast(coalesce(sum({column}) filter ({when}), 0) as decimal(18, 2)) as {name}"
    for name, column, when in (
        ("income", "trading_income_base", _NOW),
        ("cost", "cost_of_sales_base", _NOW),
        ("margin", "gross_margin_base", _NOW),
        ("margin_before", "gross_margin_base", _BEFORE),
    )
)
_WAYS = {"Analysis 2": 2, "Analysis 3": 3, "Reported code": None}


def show() -> None:
    """Show the page.

    Raises:
        NothingToShow: Nothing was earned or spent, or no code is both.
    """
    choice = choose("reporting.gross_margin")
    way = str(
        st.segmented_control(
            "By", list(_WAYS), default="Analysis 2", required=True, key="way", bind="query-params"
        )
    )
    query = (_BY_OPTION if _WAYS[way] else _BY_CODE).format(amounts=_AMOUNTS)
    found = published.rows(query, choice.parameters() | {"slot": _WAYS[way]})
    found = [row for row in found if row["income"] or row["cost"] or row["margin_before"]]
    if not found:
        raise _nothing(way, choice)
    for row in found:
        row["percent"] = _percent(row["margin"], row["income"])
    _show_whole(found, choice)
    _show_chart(found, way, choice)
    _show_parts(found, way, choice)


def _nothing(way: str, choice: Choice) -> NothingToShow:
    if _WAYS[way]:
        return NothingToShow(
            f"Nothing was earned or spent in {choice.period}", "Choose another period."
        )
    return NothingToShow(
        "No code has both income and cost",
        "An account is one or the other. To see margins by code, give revenue and cost accounts"
        " the same `report_as_code` in analysis_code_map.csv, then run `xero-crm run`.",
    )


def _percent(margin: Decimal, income: Decimal) -> Decimal | None:
    if not income:
        return None
    return (margin * 100 / income).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _show_whole(found: list[dict[str, Any]], choice: Choice) -> None:
    sums = {
        name: sum((row[name] for row in found), Decimal(0))
        for name in ("income", "cost", "margin", "margin_before")
    }
    percent = _percent(sums["margin"], sums["income"])
    with st.container(horizontal=True):
        st.metric(
            f"Gross margin, {choice.currency}",
            money(sums["margin"], 0),
            delta=change(sums["margin"], sums["margin_before"]) if choice.before else None,
            delta_description=f"on {choice.before}" if choice.before else None,
            delta_color="off",
            border=True,
            width=250,
            height="stretch",
        )
        for label, value in (
            ("Of income", "none" if percent is None else f"{percent} %"),
            ("Trading income", money(sums["income"], 0)),
            ("Cost of sales", money(sums["cost"], 0)),
        ):
            st.metric(label, value, border=True, width=195, height="stretch")


def _show_chart(found: list[dict[str, Any]], way: str, choice: Choice) -> None:
    drawn = [
        {"label": row["label"], "kind": kind, "amount": float(row[name])}
        for row in found
        for name, kind in (("income", "Trading income"), ("cost", "Cost of sales"))
    ]
    labels = list(dict.fromkeys(row["label"] for row in found))
    st.altair_chart(
        alt.Chart(alt.Data(values=drawn))
        .mark_bar()
        .encode(
            y=alt.Y("label:N", sort=labels, title=None, axis=alt.Axis(labelLimit=150)),
            yOffset=alt.YOffset("kind:N", sort=["Trading income", "Cost of sales"]),
            x=alt.X("amount:Q", title=choice.currency, axis=alt.Axis(format="~s")),
            color=alt.Color(
                "kind:N",
                sort=["Trading income", "Cost of sales"],
                legend=alt.Legend(orient="bottom", title=None),
            ),
            tooltip=[
                alt.Tooltip("label:N", title=way),
                alt.Tooltip("kind:N", title="Kind"),
                alt.Tooltip("amount:Q", title=choice.currency, format=",.2f"),
            ],
        ),
        height=90 + 40 * len(labels),
        alt=f"Trading income and cost of sales by {way}, {choice.period}, in {choice.currency}",
    )


def _show_parts(found: list[dict[str, Any]], way: str, choice: Choice) -> None:
    st.subheader(f"Margin by {in_sentence(way)}")
    table = pa.Table.from_pylist(found)
    columns = {
        "label": text_column(way),
        "margin": money_column(f"Margin, {choice.currency}"),
        "percent": st.column_config.NumberColumn("Of income", format="%.1f %%"),
        "income": money_column("Trading income"),
        "cost": money_column("Cost of sales"),
        "margin_before": money_column("Margin before", str(choice.before)),
        "organisation_name": text_column("Organisation"),
    }
    if not choice.before:
        del columns["margin_before"]
    if not choice.is_of_several:
        del columns["organisation_name"]
    show_table(table, columns, key="margins", alt=f"Margin by {way}")
    offer_files("gross_margin", lambda: table, key="margins")
    if _WAYS[way]:
        bare = sum(
            (row["cost"] for row in found if row["tracking_option_id"] == "none"), Decimal(0)
        )
        st.caption(
            f"{money(bare)} {choice.currency} of cost carries no {way}: together the margins of"
            " the options are too high by it. The cost that Xero posts for the stock it keeps"
            " carries none either and is not in this page; a customer has no margin here, since a"
            " cost line's contact is the supplier."
        )
