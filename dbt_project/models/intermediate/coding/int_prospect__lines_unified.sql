{{ config(materialized='table') }}

{#-
    The lines that a quote's invoice has: its own, a line for a discount on the whole, a line for the
    delivery charge. Prospect's money is a whole number with a count of decimals, and the same again as
    a decimal; the decimal is taken where there is one.
-#}
{%- set text = dbt.type_string() -%}
with quotes as (
    select
        quotes.*,
        coalesce(quotes.currency_code != organisations.base_currency, false) as is_foreign
    from {{ ref('stg_prospect__quotes') }} as quotes
    left join {{ ref('stg_xero__organisations') }} as organisations
        on quotes.tenant_id = organisations.tenant_id
    where not quotes.is_deleted
),

own_lines as (
    select
        lines.*,
        quotes.is_foreign,
        coalesce(lines.decimal_quantity, {{ scaled_number('lines.quantity', 'lines.quantity_decimals') }})
            as line_quantity,
        case
            when quotes.is_foreign
                then coalesce(
                    lines.decimal_foreign_price,
                    {{ scaled_number('lines.foreign_price', 'lines.foreign_sell_decimals') }}
                )
            else coalesce(lines.decimal_price, {{ scaled_number('lines.price', 'lines.sell_decimals') }})
        end as unit_amount
    from {{ ref('stg_prospect__quote_lines') }} as lines
    inner join quotes
        on
            lines.tenant_id = quotes.tenant_id
            and lines.quote_id = quotes.quote_id
    where not lines.is_deleted
),

taxed_alike as (
    -- A discount on the whole is taxed as the lines are, where they are taxed alike.
    select
        tenant_id,
        quote_id,
        min(tax_code) as tax_code
    from own_lines
    where unit_amount != 0
    group by tenant_id, quote_id
    having count(distinct tax_code) = 1
),

whole_lines as (
    select
        quotes.tenant_id,
        quotes.operating_company,
        quotes.quote_id,
        'discount' as line_id,
        'discount' as line_kind,
        1 as line_group,
        cast(null as {{ text }}) as item_code,
        'Discount' as description,
        -(case when quotes.is_foreign then quotes.foreign_discount else quotes.home_discount end) as unit_amount,
        cast(null as decimal(18, 4)) as tax_amount,
        taxed_alike.tax_code
    from quotes
    left join taxed_alike
        on
            quotes.tenant_id = taxed_alike.tenant_id
            and quotes.quote_id = taxed_alike.quote_id
    union all
    select
        tenant_id,
        operating_company,
        quote_id,
        'delivery' as line_id,
        'delivery' as line_kind,
        2 as line_group,
        delivery_item_code as item_code,
        coalesce(delivery_description, 'Delivery') as description,
        case when is_foreign then foreign_delivery else home_delivery end as unit_amount,
        delivery_tax as tax_amount,
        delivery_tax_code as tax_code
    from quotes
),

unified as (
    select
        tenant_id,
        operating_company,
        quote_id,
        line_id,
        case when item_code is null and coalesce(unit_amount, 0) = 0 then 'text' else 'product' end as line_kind,
        0 as line_group,
        sequence,
        item_code,
        description,
        line_quantity as quantity,
        unit_amount,
        discount_rate,
        case when is_foreign then foreign_net else home_net end as line_amount,
        -- What tax a foreign line has is not said in its own currency.
        case when not is_foreign then home_tax end as tax_amount,
        sales_analysis,
        tax_code
    from own_lines
    union all
    select
        tenant_id,
        operating_company,
        quote_id,
        line_id,
        line_kind,
        line_group,
        cast(null as decimal(18, 4)) as sequence,
        item_code,
        description,
        cast(1 as decimal(18, 4)) as quantity,
        unit_amount,
        cast(null as decimal(18, 6)) as discount_rate,
        unit_amount as line_amount,
        tax_amount,
        cast(null as {{ text }}) as sales_analysis,
        tax_code
    from whole_lines
    where unit_amount != 0
),

final as (
    select
        unified.*,
        row_number() over (
            partition by tenant_id, quote_id
            order by line_group, sequence, line_id
        ) as line_number
    from unified
)

select * from final
