-- What did each analysis code earn this financial year, and in the same periods of the year before?
-- This year is that of the organisation's latest month with income, up to that month.
with revenue as (
    select *
    from reporting.revenue_by_analysis_code
    where income_kind = 'trading'
),

latest as (
    select
        tenant_id,
        max(financial_year) as financial_year,
        max_by(financial_period, month) as financial_period
    from revenue
    group by all
)

select
    organisations.organisation_name,
    revenue.base_currency,
    latest.financial_year,
    latest.financial_period as to_period,
    revenue.analysis_code,
    max_by(revenue.analysis_name, revenue.month) as analysis_name,
    coalesce(
        sum(revenue.net_amount_base) filter (where revenue.financial_year = latest.financial_year),
        0
    ) as this_year,
    coalesce(
        sum(revenue.net_amount_base) filter (where revenue.financial_year = latest.financial_year - 1),
        0
    ) as last_year,
    this_year - last_year as change
from revenue
inner join latest
    on
        revenue.tenant_id = latest.tenant_id
        and revenue.financial_period <= latest.financial_period
        and revenue.financial_year >= latest.financial_year - 1
left join reporting.reconciliation_gate as organisations on revenue.tenant_id = organisations.tenant_id
group by
    organisations.organisation_name,
    revenue.tenant_id,
    revenue.base_currency,
    latest.financial_year,
    latest.financial_period,
    revenue.analysis_code
order by organisations.organisation_name asc, this_year desc
