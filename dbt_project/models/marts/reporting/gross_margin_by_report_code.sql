with income as (

    select * from {{ ref('int_income_lines_posted') }}
    where income_kind = 'trading' and is_mapped

),

cost as (

    select * from {{ ref('int_cost_lines_posted') }}
    where is_mapped

),

both_sides as (

    select
        tenant_id,
        month,
        report_as_code,
        base_currency,
        net_amount_base as trading_income_base,
        cast(0 as decimal(18, 4)) as cost_of_sales_base
    from income
    union all
    select
        tenant_id,
        month,
        report_as_code,
        base_currency,
        cast(0 as decimal(18, 4)) as trading_income_base,
        net_amount_base as cost_of_sales_base
    from cost

),

-- A margin is offered only where the map brings income and cost under one code; it is by the code, not by the
-- month, so that a month without cost shows its income.
offered as (

    select distinct
        income.tenant_id,
        income.report_as_code
    from income
    inner join cost
        on
            income.tenant_id = cost.tenant_id
            and income.report_as_code = cost.report_as_code

),

final as (

    select
        both_sides.tenant_id,
        both_sides.month,
        both_sides.report_as_code,
        both_sides.base_currency,
        cast(sum(both_sides.trading_income_base) as decimal(18, 4)) as trading_income_base,
        cast(sum(both_sides.cost_of_sales_base) as decimal(18, 4)) as cost_of_sales_base,
        cast(sum(both_sides.trading_income_base - both_sides.cost_of_sales_base) as decimal(18, 4))
            as gross_margin_base
    from both_sides
    inner join offered
        on
            both_sides.tenant_id = offered.tenant_id
            and both_sides.report_as_code = offered.report_as_code
    group by both_sides.tenant_id, both_sides.month, both_sides.report_as_code, both_sides.base_currency

)

select * from final
