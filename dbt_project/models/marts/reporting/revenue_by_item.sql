with posted_lines as (

    select * from {{ ref('int_income_lines_posted') }}

),

items as (

    select * from {{ ref('stg_xero__items') }}

),

-- A line without an item, or whose code no item bears, counts under the item `none`.
totals as (

    select
        tenant_id,
        month,
        coalesce(item_id, 'none') as item_id,
        analysis_code,
        income_kind,
        base_currency,
        {{ label_of_code('name') }} as analysis_name,
        sum(quantity_sold) as quantity_signed,
        sum(net_amount_base) as net_amount_base,
        count(*) as line_count
    from posted_lines
    group by tenant_id, month, coalesce(item_id, 'none'), analysis_code, income_kind, base_currency

),

final as (

    select
        totals.tenant_id,
        totals.month,
        totals.item_id,
        totals.analysis_code,
        items.item_code,
        items.item_name,
        totals.analysis_name,
        totals.income_kind,
        totals.base_currency,
        -- Quantities of different things mean nothing together.
        case when totals.item_id <> 'none' then cast(totals.quantity_signed as decimal(18, 4)) end as quantity_signed,
        cast(totals.net_amount_base as decimal(18, 4)) as net_amount_base,
        cast(totals.line_count as bigint) as line_count
    from totals
    left join items
        on
            totals.tenant_id = items.tenant_id
            and totals.item_id = items.item_id

)

select * from final
