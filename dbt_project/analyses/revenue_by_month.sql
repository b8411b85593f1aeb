-- What did each organisation earn in each month, and since its financial year began?
select
    organisations.organisation_name,
    revenue.base_currency,
    revenue.month,
    revenue.financial_year,
    revenue.financial_period,
    sum(revenue.net_amount_base) as revenue,
    sum(sum(revenue.net_amount_base)) over (
        partition by revenue.tenant_id, revenue.financial_year
        order by revenue.month
    ) as revenue_since_start_of_year
from reporting.revenue_by_analysis_code as revenue
left join reporting.reconciliation_gate as organisations on revenue.tenant_id = organisations.tenant_id
where revenue.income_kind = 'trading'
group by
    organisations.organisation_name,
    revenue.tenant_id,
    revenue.base_currency,
    revenue.month,
    revenue.financial_year,
    revenue.financial_period
order by organisations.organisation_name, revenue.month
