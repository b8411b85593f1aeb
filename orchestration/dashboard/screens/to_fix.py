"""What is wrong in the data and in the settings, by the money that it touches, with the remedy."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import streamlit as st

from orchestration.dashboard import published
from orchestration.dashboard.choices import EVERY, organisations
from orchestration.dashboard.shown import (
    NothingToShow,
    count,
    link_column,
    money,
    money_column,
    number_column,
    offer_files,
    show_table,
    text_column,
)
from orchestration.dashboard.xero_links import xero_link

# What a line is worth is its own amount; a finding on a document touches the document's.
_FINDINGS = """
with findings as (
    select exceptions.tenant_id, 'In Xero' as place, rule, severity, record_type, record_id,
        record_label, message, cast(null as varchar) as remedy, abs(amount_base) as amount,
        organisations.base_currency as currency_code
    from quality.exceptions left join reporting.organisations using (tenant_id)
    union all
    select found.tenant_id, 'To send' as place, found.rule, found.severity, found.record_type,
        found.record_id, found.record_label, found.message, found.remedy,
        abs(coalesce(lines.line_amount, documents.source_total)) as amount,
        documents.currency_code
    from coding.exceptions as found
    left join coding.documents as documents
        using (tenant_id, source_system, document_type, document_id)
    left join coding.document_lines as lines
        using (tenant_id, source_system, document_type, document_id, line_id)
    union all
    select tenant_id, 'Settings' as place, rule, severity, settings_file, record_id,
        record_label, message, remedy, null, null
    from coding.configuration_findings
)
"""
_RULES = (
    _FINDINGS
    + """
select place, rule, severity, currency_code, count(*) as findings,
    cast(sum(amount) as decimal(18, 2)) as amount
from findings
where $tenant = '' or tenant_id = $tenant
group by all
order by amount desc nulls last, findings desc, rule
"""
)
_RECORDS = (
    _FINDINGS
    + """
select tenant_id, organisation_name, record_type, record_id, record_label, severity, message,
    remedy, cast(amount as decimal(18, 2)) as amount, currency_code
from findings left join reporting.organisations using (tenant_id)
where ($tenant = '' or tenant_id = $tenant) and place = $place and rule = $rule
    and currency_code is not distinct from $code
order by amount desc nulls last, record_label, message
"""
)
_LINK_KINDS = ("invoice", "credit_note", "bill", "bill_credit_note", "contact")


def show() -> None:
    """Show the page.

    Raises:
        NothingToShow: Nothing is wrong.
    """
    held = organisations()
    names = {each["organisation_name"]: each["tenant_id"] for each in held}
    picked = st.selectbox(
        "Organisation", [EVERY, *names], key="organisation", bind="query-params", width=260
    )
    tenant = names.get(str(picked), "")
    rules = published.table(_RULES, {"tenant": tenant})
    if not rules.num_rows:
        raise NothingToShow("Nothing is wrong", "Every rule was checked at the last build.")
    found = [row | {"rule_name": _words(row["rule"])} for row in rules.to_pylist()]
    _show_totals(found)
    _show_rules(found)
    _show_records(found, tenant, held)


def _show_totals(found: list[dict[str, Any]]) -> None:
    stopping = sum(row["findings"] for row in found if row["severity"] in ("block", "hold"))
    with st.container(horizontal=True):
        st.metric("Findings", f"{sum(row['findings'] for row in found):,}", border=True, width=155)
        st.metric("Stop a document", f"{stopping:,}", border=True, width=155)
        for place in ("In Xero", "To send", "Settings"):
            number = sum(row["findings"] for row in found if row["place"] == place)
            st.metric(place, f"{number:,}", border=True, width=155)


def _show_rules(found: list[dict[str, Any]]) -> None:
    st.subheader("By rule, the most money first")
    columns = {
        "rule_name": text_column("Rule"),
        "amount": money_column("Money touched"),
        "currency_code": text_column("In"),
        "findings": number_column("Findings"),
        "severity": text_column("Severity", "block and hold stop a document; the others warn."),
        "place": text_column("Where"),
    }
    table = pa.Table.from_pylist(found)
    show_table(table, columns, key="rules", alt="Findings by rule")


def _show_records(found: list[dict[str, Any]], tenant: str, held: list[dict[str, Any]]) -> None:
    st.subheader("The records, and what to do")
    place = st.selectbox(
        "Rule",
        range(len(found)),
        format_func=lambda each: _rule_label(found[each]),
        key="rule",
    )
    rule = found[place or 0]
    records = published.table(
        _RECORDS,
        {
            "tenant": tenant,
            "place": rule["place"],
            "rule": rule["rule"],
            "code": rule["currency_code"],
        },
    )
    remedies = {row["remedy"] for row in records.to_pylist()} - {None}
    if len(remedies) == 1:
        st.info(f"**What to do:** {min(remedies)}", icon=":material/build:")
    codes = {each["tenant_id"]: each["short_code"] for each in held}
    links = [_link(row, codes) for row in records.to_pylist()]
    columns = {
        "record_label": text_column("Record"),
        "amount": money_column(f"Amount, {rule['currency_code'] or ''}".strip(", ")),
        "message": text_column("What is wrong", width="large"),
        "remedy": text_column("What to do", width="medium"),
        "link": link_column("In Xero", "Open"),
        "organisation_name": text_column("Organisation"),
    }
    if not any(links):
        del columns["link"]
    if not remedies:  # the message of a finding in Xero ends with the remedy
        columns["message"] = text_column("What is wrong, and what to do", width="large")
        del columns["remedy"]
    shown = records.append_column("link", pa.array(links, pa.string()))
    show_table(shown, columns, key="records", alt="The records that break the rule", wraps=True)
    offer_files(f"to_fix_{rule['rule'].lower()}", lambda: records, key="records")


def _link(row: dict[str, Any], codes: dict[str, str | None]) -> str | None:
    kind = str(row["record_type"]).removesuffix("_line")
    if kind not in _LINK_KINDS:
        return None
    return xero_link(codes.get(row["tenant_id"]), kind, row["record_id"].split("/")[0])


def _rule_label(row: dict[str, Any]) -> str:
    amount = f" · {money(row['amount'])} {row['currency_code']}" if row["amount"] else ""
    return f"{row['rule_name']} · {count(row['findings'], 'finding')}{amount} · {row['place']}"


def _words(rule: str) -> str:
    return rule.replace("_", " ").capitalize()
