-- How does the income of the latest twelve months split by Analysis 2 and 3, and how sure is it?
-- `on_lines` equals Xero's Profit and Loss by that category; `by_customer` is the customer's default where a line has
-- no option. Each slot of an organisation adds up to its whole income, the row without an option included.
with revenue as (
    select *
    from reporting.revenue_by_tracking_option
    where income_kind = 'trading'
),

latest as (
    select
        tenant_id,
        max(month) as month
    from revenue
    group by all
)

select
    organisations.organisation_name,
    revenue.base_currency,
    revenue.analysis_slot,
    revenue.tracking_category_name,
    coalesce(revenue.tracking_option_name, '(none)') as tracking_option,
    coalesce(sum(revenue.net_amount_base) filter (where revenue.tracking_source = 'line'), 0) as on_lines,
    coalesce(sum(revenue.net_amount_base) filter (where revenue.tracking_source = 'contact'), 0) as by_customer,
    sum(revenue.net_amount_base) as revenue
from revenue
inner join latest
    on
        revenue.tenant_id = latest.tenant_id
        and revenue.month > latest.month - interval 12 month
left join reporting.reconciliation_gate as organisations on revenue.tenant_id = organisations.tenant_id
group by
    organisations.organisation_name,
    revenue.tenant_id,
    revenue.base_currency,
    revenue.analysis_slot,
    revenue.tracking_category_name,
    revenue.tracking_option_id,
    revenue.tracking_option_name
order by organisations.organisation_name asc, revenue.analysis_slot asc, revenue desc
