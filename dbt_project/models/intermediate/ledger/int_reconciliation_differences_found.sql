{{ config(materialized='table') }}

{#- Xero's trial balance has both what moved in the month and the balance; debit positive here. -#}
{%- set bases = {
    'balance': 'coalesce(ytd_debit, 0) - coalesce(ytd_credit, 0)',
    'movement': 'coalesce(debit, 0) - coalesce(credit, 0)',
} -%}

with xero_rows as (

    select * from {{ ref('stg_xero__trial_balance_rows') }}
    where not is_deleted and account_id is not null

),

reports as (

    select
        tenant_id,
        month_end,
        max(extracted_at) as xero_read_at
    from xero_rows
    group by tenant_id, month_end

),

in_xero as (

    {% for basis, amount in bases.items() %}
    select
        tenant_id,
        month_end,
        '{{ basis }}' as basis,
        account_id,
        {{ amount }} as xero_base,
        cast(0 as decimal(18, 4)) as warehouse_base
    from xero_rows
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

in_warehouse as (

    select
        tenant_id,
        month_end,
        'balance' as basis,
        account_id,
        cast(0 as decimal(18, 4)) as xero_base,
        balance_base as warehouse_base
    from {{ ref('trial_balance') }}
    union all
    select
        movements.tenant_id,
        months.month_end,
        'movement' as basis,
        movements.account_id,
        cast(0 as decimal(18, 4)) as xero_base,
        movements.net_amount_base as warehouse_base
    from {{ ref('int_account_movements_summed') }} as movements
    inner join {{ ref('int_financial_months_dated') }} as months
        on
            movements.tenant_id = months.tenant_id
            and movements.month = months.month

),

both_sides as (

    select * from in_xero
    union all
    select * from in_warehouse

),

-- Only months whose report was read can be compared.
final as (

    select
        both_sides.tenant_id,
        both_sides.month_end,
        both_sides.basis,
        both_sides.account_id,
        reports.xero_read_at,
        cast(sum(both_sides.warehouse_base) as decimal(18, 4)) as warehouse_base,
        cast(sum(both_sides.xero_base) as decimal(18, 4)) as xero_base,
        cast(sum(both_sides.warehouse_base - both_sides.xero_base) as decimal(18, 4)) as difference_base
    from both_sides
    inner join reports
        on
            both_sides.tenant_id = reports.tenant_id
            and both_sides.month_end = reports.month_end
    group by
        both_sides.tenant_id, both_sides.month_end, both_sides.basis, both_sides.account_id, reports.xero_read_at

)

select * from final
