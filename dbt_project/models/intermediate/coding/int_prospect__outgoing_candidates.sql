{{ config(materialized='table') }}

{#-
    What Prospect offers for a line's account, tax and tracking, each with the level it comes from: the
    quote line's SalesAnalysis before the product's. The contact's default, which comes next, is Xero's
    and is added for all systems alike; so is decided which one wins.
-#}
{%- set text = dbt.type_string() -%}
with lines as (
    select * from {{ ref('int_prospect__lines_unified') }}
),

products as (
    select * from {{ ref('stg_prospect__product_items') }}
),

coded as (
    select
        lines.tenant_id,
        lines.quote_id,
        lines.line_id,
        lines.line_kind,
        lines.sales_analysis as line_account_code,
        products.sales_analysis as item_account_code,
        lines.tax_code as line_tax_code,
        products.tax_code as item_tax_code
    from lines
    -- A discontinued product is flagged as deleted and keeps its codes.
    left join products
        on
            lines.tenant_id = products.tenant_id
            and lines.operating_company = products.operating_company
            and lines.item_code = products.item_code
),

candidates as (
    {%- for attribute, level, value, value_kind, side in [
        ('account', 'line', 'line_account_code', 'code', 'null'),
        ('account', 'item_override', 'item_account_code', 'code', "'sales'"),
        ('tax', 'line', 'line_tax_code', 'source_tax_code', 'null'),
        ('tax', 'item_override', 'item_tax_code', 'source_tax_code', "'sales'"),
    ] %}
    select
        tenant_id,
        quote_id,
        line_id,
        '{{ attribute }}' as attribute,
        '{{ level }}' as level,
        {{ value }} as value,
        '{{ value_kind }}' as value_kind,
        cast({{ side }} as {{ text }}) as side_of_override,
        cast(null as {{ text }}) as tracking_category,
        false as is_explicit_none
    from coded
    where {{ value }} is not null and line_kind != 'text'
    union all
    {%- endfor %}
    select
        tenant_id,
        quote_id,
        line_id,
        'tracking' as attribute,
        level,
        option_name as value,
        'option_name' as value_kind,
        cast(null as {{ text }}) as side_of_override,
        tracking_category,
        is_explicit_none
    from {{ ref('int_prospect__tracking_chosen') }}
),

final as (
    select
        tenant_id,
        'prospect' as source_system,
        'invoice' as document_type,
        quote_id as document_id,
        line_id,
        attribute,
        level,
        value,
        value_kind,
        side_of_override,
        tracking_category,
        is_explicit_none
    from candidates
)

select * from final
