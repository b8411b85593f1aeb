-- Which options of Analysis 2 and 3 earn what, after their cost of sales, in the latest twelve months?
-- Cost without an option is in the row `(none)`: the larger it is, the less the other margins say.
with margins as (
    select *
    from reporting.gross_margin
),

latest as (
    select
        tenant_id,
        max(month) as month
    from margins
    group by all
)

select
    organisations.organisation_name,
    margins.base_currency,
    margins.analysis_slot,
    margins.tracking_category_name,
    coalesce(margins.tracking_option_name, '(none)') as tracking_option,
    sum(margins.trading_income_base) as income,
    sum(margins.cost_of_sales_base) as cost_of_sales,
    sum(margins.gross_margin_base) as gross_margin,
    cast(100 * sum(margins.gross_margin_base) / nullif(sum(margins.trading_income_base), 0) as decimal(9, 1))
        as percent_of_income
from margins
inner join latest
    on
        margins.tenant_id = latest.tenant_id
        and margins.month > latest.month - interval 12 month
left join reporting.reconciliation_gate as organisations on margins.tenant_id = organisations.tenant_id
group by
    organisations.organisation_name,
    margins.tenant_id,
    margins.base_currency,
    margins.analysis_slot,
    margins.tracking_category_name,
    margins.tracking_option_id,
    margins.tracking_option_name
order by organisations.organisation_name asc, margins.analysis_slot asc, gross_margin desc
