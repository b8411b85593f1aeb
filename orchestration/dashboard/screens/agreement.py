"""What agrees with Xero's own reports, since when, what differs and why."""

from __future__ import annotations

from typing import Any

import streamlit as st

from orchestration.dashboard import published
from orchestration.dashboard.choices import organisations
from orchestration.dashboard.shown import (
    NothingToShow,
    at,
    count,
    date_column,
    day,
    money_column,
    offer_files,
    show_table,
    text_column,
)

REPORTS = {
    "profit_and_loss": "Profit and loss",
    "balance_sheet": "Balance sheet",
    "trial_balance": "Trial balance",
}
_SUMMARY = """
    with ends as (
        select *, max(period) filter (not is_reconciled) over (partition by tenant_id, report)
            as last_that_differs
        from reporting.reconciliation
    )
    select tenant_id, report,
        count(*) as compared,
        count(*) filter (not is_reconciled) as differing,
        count(*) filter (is_reconciled and difference <> 0) as explained,
        min(period) filter (last_that_differs is null or period > last_that_differs)
            as agrees_since,
        max(period) as latest,
        cast(coalesce(sum(abs(unexplained_amount)) filter (not is_reconciled), 0)
            as decimal(18, 2)) as unexplained,
        max(xero_read_at) as read_at
    from ends group by all
"""
_DIFFERENCES = """
    select report, period, account_code, account_name,
        cast(warehouse_amount as decimal(18, 2)) as ours,
        cast(xero_amount as decimal(18, 2)) as xeros,
        cast(difference as decimal(18, 2)) as difference,
        cast(explained_amount as decimal(18, 2)) as explained,
        cast(unexplained_amount as decimal(18, 2)) as unexplained,
        replace(cause, '_', ' ') as cause, explanation, xero_read_at
    from reporting.reconciliation
    where tenant_id = $tenant and list_contains($reports, report) and {which}
    order by abs(unexplained_amount) desc, period desc, account_code
"""
_GATE = "select * from reporting.reconciliation_gate where is_held_back"
_CAUSES = """
    select replace(cause, '_', ' ') as cause, count(*) as rows_of_it
    from reporting.reconciliation
    where tenant_id = $tenant and cause is not null and difference <> 0
    group by all order by 2 desc
"""


def show() -> None:
    """Show the page.

    Raises:
        NothingToShow: Xero's reports have not been read.
    """
    st.write(
        "Every account and month of our figures is compared with Xero's own reports. A row agrees"
        " if no more than 0.01 is left unexplained."
    )
    summary = published.rows(_SUMMARY)
    if not summary:
        raise NothingToShow(
            "Nothing has been compared yet",
            "Xero's reports are read by `xero-crm run`; the connection needs the scopes"
            " accounting.reports.….read (Connections).",
        )
    for held_back in published.rows(_GATE):
        st.warning(
            f"**{held_back['organisation_name']} keeps its former figures.** Its income or cost of"
            f" sales does not agree with Xero since {day(held_back['first_unreconciled_period'])}."
            " The rows below say where; mend it or read again, then `xero-crm run`.",
            icon=":material/warning:",
        )
    by_tenant = {each["tenant_id"]: each for each in organisations()}
    for tenant_id, organisation in by_tenant.items():
        reports = [row for row in summary if row["tenant_id"] == tenant_id]
        _show_organisation(organisation, reports)
    _show_differences(by_tenant, summary)


def _show_organisation(organisation: dict[str, Any], reports: list[dict[str, Any]]) -> None:
    st.subheader(organisation["organisation_name"])
    if not reports:
        st.info("Xero's reports of it have not been read: it is compared with nothing.")
        return
    ordered = sorted(reports, key=lambda row: list(REPORTS).index(row["report"]))
    with st.container(horizontal=True):
        for row in ordered:
            _show_report(row, organisation["base_currency"])
    st.caption(f"Xero's reports read {at(max(row['read_at'] for row in reports))}.")


def _show_report(row: dict[str, Any], currency: str) -> None:
    with st.container(border=True, width=272):
        st.markdown(f"**{REPORTS[row['report']]}**")
        if row["differing"]:
            st.badge(f"{row['differing']:,} differ", icon=":material/error:", color="red")
            st.markdown(f"{row['unexplained']:,.2f} {currency} unexplained")
        else:
            st.badge("Agrees", icon=":material/check:", color="green")
        since = (
            f"Since {day(row['agrees_since'])}, to {day(row['latest'])}"
            if row["agrees_since"]
            else "The latest month does not agree"
        )
        explained = f"  \n{row['explained']:,} differ by a known cause" if row["explained"] else ""
        st.markdown(f"{since}  \n{count(row['compared'], 'row')} compared{explained}")


def _show_differences(by_tenant: dict[str, Any], summary: list[dict[str, Any]]) -> None:
    st.subheader("What differs, and why")
    differing = {row["tenant_id"] for row in summary if row["differing"]}
    tenants = sorted(by_tenant, key=lambda tenant: tenant not in differing)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tenant = st.selectbox(
            "Organisation",
            tenants,
            format_func=lambda each: by_tenant[each]["organisation_name"],
            key="agreement_of",
            width=260,
        )
        report = st.selectbox("Report", ["All reports", *REPORTS.values()], key="report", width=180)
        only = st.segmented_control(
            "Show",
            ["Unexplained", "All differences"],
            default="Unexplained" if differing else "All differences",
            required=True,
            key="which",
        )
    reports = [name for name, label in REPORTS.items() if report in (label, "All reports")]
    which = "not is_reconciled" if only == "Unexplained" else "difference <> 0"
    found = published.table(
        _DIFFERENCES.format(which=which), {"tenant": tenant, "reports": reports}
    )
    if not found.num_rows:
        st.success("Nothing differs." if which != "not is_reconciled" else "All is explained.")
        return
    causes = published.rows(_CAUSES, {"tenant": tenant})
    if causes and only != "Unexplained":
        st.write(
            "Known causes: "
            + ", ".join(f"{row['cause']} ({count(row['rows_of_it'], 'row')})" for row in causes)
            + "."
        )
    currency = by_tenant[tenant]["base_currency"]
    columns = {
        "period": date_column("To"),
        "account_code": text_column("Code"),
        "account_name": text_column("Account"),
        "difference": money_column(f"Difference, {currency}"),
        "unexplained": money_column("Unexplained"),
        "cause": text_column("Cause"),
        "explanation": text_column("Why", width="large"),
        "ours": money_column("Ours"),
        "xeros": money_column("Xero's"),
        "report": text_column("Report"),
    }
    show_table(found, columns, key="differences", alt="Differences from Xero's reports", wraps=True)
    offer_files("differences_from_xero", lambda: found, key="differences")
