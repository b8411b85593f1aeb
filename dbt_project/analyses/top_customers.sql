-- Who are the ten largest customers of the last twelve months, and what share of the income is theirs?
-- The twelve months end with the organisation's latest month with income.
with revenue as (
    select *
    from reporting.revenue_by_customer
    where income_kind = 'trading'
),

latest as (
    select
        tenant_id,
        max(month) as month
    from revenue
    group by all
),

customers as (
    select
        revenue.tenant_id,
        revenue.base_currency,
        revenue.contact_id,
        max(revenue.contact_name) as contact_name,
        max(revenue.account_number) as account_number,
        sum(revenue.net_amount_base) as revenue,
        sum(sum(revenue.net_amount_base)) over (partition by revenue.tenant_id) as total,
        row_number() over (
            partition by revenue.tenant_id
            order by sum(revenue.net_amount_base) desc, revenue.contact_id
        ) as position
    from revenue
    inner join latest
        on
            revenue.tenant_id = latest.tenant_id
            and revenue.month > latest.month - interval 12 month
    group by revenue.tenant_id, revenue.base_currency, revenue.contact_id
)

select
    organisations.organisation_name,
    customers.base_currency,
    customers.position,
    coalesce(customers.contact_name, '(no customer)') as customer,
    customers.account_number,
    customers.revenue,
    cast(100 * customers.revenue / customers.total as decimal(5, 1)) as percent_of_income
from customers
left join reporting.reconciliation_gate as organisations on customers.tenant_id = organisations.tenant_id
where customers.position <= 10 and customers.revenue > 0
order by organisations.organisation_name, customers.position
