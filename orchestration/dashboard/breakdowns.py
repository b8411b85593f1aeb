"""What revenue and cost of sales are broken down by: which table, which key, which lines of it.

Pure: text of queries and their parameters. Each breakdown adds up to the same whole (a missing
contact or option is the key `none`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_SERIES = 7
"""How many parts a chart shows by name; the others are one."""


@dataclass(frozen=True)
class Subject:
    """Revenue or cost of sales.

    Attributes:
        name: As the page calls it.
        tables: The prefix of its tables.
        contact: What a contact of it is.
        contact_table: The rest of the name of the table by contact.
        line_kinds: The kinds of its lines, by what people call them.
    """

    name: str
    tables: str
    contact: str
    contact_table: str
    line_kinds: Mapping[str, str]

    def whole(self, kind: str) -> str:
        """Return what the whole of a kind is called."""
        return f"{kind} income" if len(self.line_kinds) > 1 else self.name


REVENUE = Subject(
    "Revenue",
    "revenue",
    "Customer",
    "customer",
    {"Trading": "trading", "Other": "other"},
)
COST_OF_SALES = Subject(
    "Cost of sales", "cost_of_sales", "Supplier", "contact", {"Cost of sales": "cost_of_sales"}
)


@dataclass(frozen=True)
class Breakdown:
    """One way to break it down.

    Attributes:
        name: As people call it.
        table: Which table holds the totals.
        key: What names a part within an organisation; `label` is what people call it.
        line_key: The column of reporting.income_and_cost_lines that equals `key`.
        where: Which rows of the table, besides organisation, currency and months.
    """

    name: str
    table: str
    key: str
    label: str
    line_key: str
    where: str = "true"


def breakdowns(subject: Subject) -> dict[str, Breakdown]:
    """Return the ways to break a subject down, by name."""
    by_code = f"reporting.{subject.tables}_by_analysis_code"
    by_option = f"reporting.{subject.tables}_by_tracking_option"
    by_contact = f"reporting.{subject.tables}_by_{subject.contact_table}"
    named = [
        Breakdown(
            "Analysis code",
            by_code,
            "analysis_code",
            "concat_ws(' ', analysis_code, analysis_name)",
            "analysis_code",
        ),
        *(
            Breakdown(
                f"Analysis {slot}",
                by_option,
                "tracking_option_id",
                f"coalesce(tracking_option_name, '(no Analysis {slot})')",
                f"tracking_option_id_{slot}",
                f"analysis_slot = {slot}",
            )
            for slot in (2, 3)
        ),
        Breakdown(
            subject.contact,
            by_contact,
            "contact_id",
            f"coalesce(contact_name, '(no {subject.contact.lower()})')",
            "contact_id",
        ),
        Breakdown(
            "Month",
            by_code,
            "cast(month as varchar)",
            "strftime(month, '%b %Y')",
            "cast(month as varchar)",
        ),
    ]
    return {each.name: each for each in named}


def as_mapped(subject: Subject) -> Breakdown:
    """Return the breakdown by the codes that analysis_code_map.csv gives."""
    label = (
        "report_as_code || case when report_as_code = analysis_code"
        " then coalesce(' ' || analysis_name, '') else '' end"
    )
    table = f"reporting.{subject.tables}_by_analysis_code"
    return Breakdown("Reported code", table, "report_as_code", label, "report_as_code")


_KEPT = """
with kept as (
    select
        tenant_id, {key} as part, {label} as label, month, net_amount_base, line_count
    from {table}
    where list_contains($tenants, tenant_id) and base_currency = $currency and {where}
        and (month between $first and $last or month between $before_first and $before_last)
)
"""

_TOTALS = """
select
    kept.tenant_id, organisation_name, part,
    max_by(label, month) as label,
    cast(coalesce(sum(net_amount_base) filter (month between $first and $last), 0)
        as decimal(18, 2)) as amount,
    cast(coalesce(sum(net_amount_base) filter (month between $before_first and $before_last), 0)
        as decimal(18, 2)) as before,
    cast(coalesce(sum(line_count) filter (month between $first and $last), 0) as bigint) as lines
from kept
left join reporting.organisations using (tenant_id)
group by all
having amount <> 0 or before <> 0 or lines <> 0
order by {order}
"""

_MONTHS = """
, parts as (
    select tenant_id, part, max_by(label, month) as label,
        row_number() over (order by abs(sum(net_amount_base)) desc, part) as size_rank
    from kept where month between $first and $last group by tenant_id, part
)
select month, case when size_rank <= {most} then parts.label else 'All others' end as label,
    min(least(size_rank, {most} + 1)) as place,
    cast(sum(net_amount_base) as decimal(18, 2)) as amount
from kept inner join parts using (tenant_id, part)
where month between $first and $last
group by all
order by all
"""

_MONTHS_BEFORE = """
select month, cast(sum(net_amount_base) as decimal(18, 2)) as amount
from kept where month between $before_first and $before_last
group by all order by all
"""


def totals_query(breakdown: Breakdown, kind: str | None) -> str:
    """Return the query of a part per row: amount, amount before, lines; the largest first."""
    order = "part" if breakdown.name == "Month" else "amount desc, label"
    return _kept(breakdown, kind) + _TOTALS.format(order=order)


def months_query(breakdown: Breakdown, kind: str | None) -> str:
    """Return the query of the amount per month and part, small parts together."""
    return _kept(breakdown, kind) + _MONTHS.format(most=MOST_SERIES)


def months_before_query(breakdown: Breakdown, kind: str | None) -> str:
    """Return the query of the amount per month of the period before."""
    return _kept(breakdown, kind) + _MONTHS_BEFORE


def _kept(breakdown: Breakdown, kind: str | None) -> str:
    where = breakdown.where + (" and income_kind = $kind" if kind else "")
    return _KEPT.format(
        key=breakdown.key, label=breakdown.label, table=breakdown.table, where=where
    )


_LINES_WHERE = """
from reporting.income_and_cost_lines
where list_contains($tenants, tenant_id) and base_currency = $currency
    and line_kind = $line_kind and month between $first and $last
"""


def lines_where(breakdown: Breakdown | None) -> str:
    """Return from where the lines of a part come (`$part`), or of all parts."""
    return _LINES_WHERE + (f" and {breakdown.line_key} = $part" if breakdown else "")


def line_parameters(choice: Mapping[str, Any], line_kind: str, part: str | None) -> dict[str, Any]:
    """Return the parameters of a query on lines."""
    kept = {name: choice[name] for name in ("tenants", "currency", "first", "last")}
    return {**kept, "line_kind": line_kind, **({"part": part} if part is not None else {})}
