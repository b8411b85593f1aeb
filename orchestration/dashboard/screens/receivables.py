"""What customers owe at the end of a month, by age."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import pyarrow as pa
import streamlit as st

from orchestration.dashboard import published
from orchestration.dashboard.choices import choose_organisations
from orchestration.dashboard.shown import (
    NothingToShow,
    count,
    day,
    link_column,
    money,
    money_column,
    offer_files,
    show_table,
    text_column,
)
from orchestration.dashboard.xero_links import xero_link

AGES = {
    "not_due": "Not due",
    "days_1_30": "1 to 30 days",
    "days_31_60": "31 to 60 days",
    "days_61_90": "61 to 90 days",
    "over_90": "Over 90 days",
}
_ENDS = """
    select distinct month_end from reporting.receivables_aging
    where list_contains($tenants, tenant_id) order by month_end desc
"""
_CUSTOMERS = """
    select count(distinct contact_id) as customers from reporting.receivables_aging
    where list_contains($tenants, tenant_id) and month_end = $month_end
"""
_BY_CURRENCY = """
    select currency_code, count(*) as contacts,
        cast(sum(columns([{ages}])) as decimal(18, 2)),
        cast(sum(total_amount) as decimal(18, 2)) as total_amount,
        cast(sum(total_base) as decimal(18, 2)) as total_base
    from reporting.receivables_aging
    where list_contains($tenants, tenant_id) and month_end = $month_end
    group by currency_code order by total_base desc
""".replace("{ages}", ", ".join(f"'{age}'" for age in AGES))
_BY_CUSTOMER = """
    select tenant_id, organisation_name, contact_id, contact_name, currency_code,
        cast(columns([{ages}]) as decimal(18, 2)),
        cast(total_amount as decimal(18, 2)) as total_amount,
        cast(total_base as decimal(18, 2)) as total_base
    from reporting.receivables_aging left join reporting.organisations using (tenant_id)
    where list_contains($tenants, tenant_id) and month_end = $month_end
        and currency_code = $code
    order by receivables_aging.total_base desc, contact_name
""".replace("{ages}", ", ".join(f"'{age}'" for age in AGES))


def show() -> None:
    """Show the page.

    Raises:
        NothingToShow: Nobody owes anything.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        held, currency = choose_organisations()
        tenants = [each["tenant_id"] for each in held]
        ends = [row["month_end"] for row in published.rows(_ENDS, {"tenants": tenants})]
        if not ends:
            raise NothingToShow(
                "Nobody owes anything", "When invoices are approved in Xero, run `xero-crm run`."
            )
        end = st.selectbox(
            "At the end of", ends, format_func=day, key="end", persist_state="session", width=180
        )
    parameters = {"tenants": tenants, "month_end": end}
    by_currency = published.rows(_BY_CURRENCY, parameters)
    owed = sum((row["total_base"] for row in by_currency), Decimal(0))
    with st.container(horizontal=True):
        st.metric(f"Owed, {currency}", money(owed), border=True, width=300)
        st.metric("Customers", f"{_customers(parameters):,}", border=True, width=160)
    code = _choose_document_currency(by_currency)
    row = next(each for each in by_currency if each["currency_code"] == code)
    _show_ages(row, code)
    _show_customers(parameters | {"code": code}, code, currency, held, end)


def _customers(parameters: dict[str, Any]) -> int:
    return published.rows(_CUSTOMERS, parameters)[0]["customers"]


def _choose_document_currency(by_currency: list[dict[str, Any]]) -> str:
    codes = [row["currency_code"] for row in by_currency]
    if len(codes) == 1:
        return codes[0]
    return str(
        st.segmented_control(
            "Invoices in",
            codes,
            default=codes[0],
            required=True,
            key="document_currency",
            help="Ages are shown in the currency of the invoices; they are never added up.",
        )
    )


def _show_ages(row: dict[str, Any], code: str) -> None:
    overdue = sum((row[age] for age in AGES if age != "not_due"), Decimal(0))
    st.write(
        f"**{money(row['total_amount'])} {code}** is owed by"
        f" {count(row['contacts'], 'customer')}; **{money(overdue)} {code}** of it is overdue."
    )
    drawn = [{"age": label, "amount": float(row[age])} for age, label in AGES.items()]
    st.altair_chart(
        alt.Chart(alt.Data(values=drawn))
        .mark_bar()
        .encode(
            x=alt.X(
                "age:N",
                sort=list(AGES.values()),
                title=None,
                axis=alt.Axis(labelAngle=0, labelLimit=70),
            ),
            y=alt.Y("amount:Q", title=code, axis=alt.Axis(format="~s")),
            tooltip=[
                alt.Tooltip("age:N", title="Age"),
                alt.Tooltip("amount:Q", title=code, format=",.2f"),
            ],
        ),
        height=260,
        alt=f"Receivables in {code} by age",
    )


def _show_customers(
    parameters: dict[str, Any],
    code: str,
    currency: str,
    held: list[dict[str, Any]],
    end: date | None,
) -> None:
    st.subheader(f"Customers who owe {code}")
    found = published.table(_BY_CUSTOMER, parameters)
    codes = {each["tenant_id"]: each["short_code"] for each in held}
    links = [
        xero_link(codes.get(row["tenant_id"]), "contact", row["contact_id"])
        for row in found.select(["tenant_id", "contact_id"]).to_pylist()
    ]
    shown = found.append_column("link", pa.array(links, pa.string()))
    columns = {
        "contact_name": text_column("Customer"),
        "total_amount": money_column(f"Owed, {code}"),
        **{age: money_column(label) for age, label in AGES.items()},
        "total_base": money_column(f"Owed, {currency}"),
        "link": link_column("In Xero", "Open"),
        "organisation_name": text_column("Organisation"),
    }
    if code == currency:
        del columns["total_base"]
    if len(held) == 1:
        del columns["organisation_name"]
    show_table(shown, columns, key="customers", alt="Customers by what they owe")
    offer_files(f"receivables_{end:%Y-%m-%d}_{code}", lambda: found, key="customers")
    st.caption(
        "Owed is what is unpaid less unused credits; a negative amount is a credit in the"
        " customer's favour."
    )
