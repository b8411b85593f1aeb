"""What revenue can be reported by, and what a report of it says besides: the questions in SQL.

Each is asked of the marts alone, of the published file or of tables built for a past day. Nothing
is added up across organisations, so that no sum mixes base currencies.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Breakdown:
    """One way to break revenue down.

    Attributes:
        title: What the report is called.
        mart: The table in `reporting` that it is made from.
        columns: The mart's columns that tell the lines apart and name them.
        key: Those that tell them apart.
        label: Those that a person reads, the first in front.
        headings: What the columns of `label` are called.
        where: Which rows of the mart.
    """

    title: str
    mart: str
    headings: tuple[str, ...]
    columns: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    where: str = "true"


_BY_OPTION = (
    "revenue_by_tracking_option",
    ("Option",),
    ("tracking_category_name", "tracking_option_id", "tracking_option_name"),
    ("tracking_option_id",),
    ("tracking_option_name",),
)
BREAKDOWNS = {
    "analysis-code": Breakdown(
        "Revenue by analysis code",
        "revenue_by_analysis_code",
        ("Code", "Name"),
        ("analysis_code", "analysis_name", "report_as_code"),
        ("analysis_code",),
        ("analysis_code", "analysis_name"),
    ),
    "tracking-2": Breakdown("Revenue by Analysis 2", *_BY_OPTION, "analysis_slot = 2"),
    "tracking-3": Breakdown("Revenue by Analysis 3", *_BY_OPTION, "analysis_slot = 3"),
    "customer": Breakdown(
        "Revenue by customer",
        "revenue_by_customer",
        ("Customer", "Account number"),
        ("contact_id", "contact_name", "account_number"),
        ("contact_id",),
        ("contact_name", "account_number"),
    ),
    "month": Breakdown("Revenue by month", "revenue_by_analysis_code", ("Month",)),
}

ROWS = """
select
    tenant_id,
    month,
    {columns}
    income_kind,
    base_currency,
    cast(sum(net_amount_base) as decimal(18, 4)) as net_amount_base,
    cast(sum(line_count) as bigint) as line_count
from reporting.{mart}
where {where} and month between $first and $last
group by all
order by all
"""

# Of the income of every kind, since Xero's report and ours are compared account by account.
STATEMENT = """
select
    tenant_id,
    cast(date_trunc('month', period) as date) as month,
    sum(warehouse_amount) as ours,
    sum(xero_amount) as xero,
    sum(difference) as difference,
    sum(explained_amount) as explained,
    sum(unexplained_amount) as unexplained,
    bool_and(is_reconciled) as is_reconciled,
    string_agg(distinct explanation, ' ') filter (where difference <> 0) as explanation,
    max(xero_read_at) as xero_read_at
from reporting.reconciliation
where
    report = 'profit_and_loss' and account_class = 'REVENUE'
    and date_trunc('month', period) between $first and $last
group by all
order by all
"""

FINDINGS = """
select
    tenant_id,
    rule,
    count(*) as findings,
    sum(abs(amount_base)) as money_touched
from quality.exceptions
group by all
order by tenant_id asc, money_touched desc nulls last, rule asc
"""

LARGEST_FINDINGS = """
select
    tenant_id,
    rule,
    message,
    amount_base
from quality.exceptions
qualify
    row_number() over (
        partition by tenant_id
        order by abs(amount_base) desc nulls last, rule asc, record_id asc
    ) <= 20
order by tenant_id asc, abs(amount_base) desc nulls last, rule asc, record_id asc
"""

PACK_MODELS = ("reconciliation", "exceptions")
"""What a report says besides its figures is read from these."""
