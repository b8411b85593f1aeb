with income as (

    select * from {{ ref('revenue_by_tracking_option') }}
    where income_kind = 'trading'

),

cost as (

    select * from {{ ref('cost_of_sales_by_tracking_option') }}

),

both_sides as (

    select
        tenant_id,
        month,
        analysis_slot,
        tracking_option_id,
        tracking_category_name,
        tracking_option_name,
        base_currency,
        net_amount_base as trading_income_base,
        cast(0 as decimal(18, 4)) as cost_of_sales_base
    from income
    union all
    select
        tenant_id,
        month,
        analysis_slot,
        tracking_option_id,
        tracking_category_name,
        tracking_option_name,
        base_currency,
        cast(0 as decimal(18, 4)) as trading_income_base,
        net_amount_base as cost_of_sales_base
    from cost

),

totals as (

    select
        tenant_id,
        month,
        analysis_slot,
        tracking_option_id,
        base_currency,
        max(tracking_category_name) as tracking_category_name,
        max(tracking_option_name) as tracking_option_name,
        cast(sum(trading_income_base) as decimal(18, 4)) as trading_income_base,
        cast(sum(cost_of_sales_base) as decimal(18, 4)) as cost_of_sales_base
    from both_sides
    group by tenant_id, month, analysis_slot, tracking_option_id, base_currency

),

final as (

    select
        tenant_id,
        month,
        analysis_slot,
        tracking_option_id,
        tracking_category_name,
        tracking_option_name,
        base_currency,
        trading_income_base,
        cost_of_sales_base,
        cast(trading_income_base - cost_of_sales_base as decimal(18, 4)) as gross_margin_base,
        -- Beside every margin, the cost that no option carries: what the margins of the month are too high by.
        cast(
            coalesce(
                sum(case when tracking_option_id = 'none' then cost_of_sales_base end)
                    over (partition by tenant_id, month, analysis_slot),
                0
            ) as decimal(18, 4)
        ) as cost_without_tracking_base
    from totals

)

select * from final
