{{ config(materialized='table') }}

{#-
    What Unleashed offers for a line's account and tax, each with the level it comes from; it has no
    tracking. The sales account that it keeps for a customer is not for charges. Which one wins is
    decided for all systems alike.
-#}
{%- set text = dbt.type_string() -%}
with lines as (
    select * from {{ ref('int_unleashed__lines_unified') }}
),

documents as (
    select * from {{ ref('int_unleashed__outgoing_documents') }}
),

coded as (
    select
        lines.*,
        case when lines.line_kind != 'delivery' then customers.sales_account_code end as contact_account_code
    from lines
    inner join documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_id = documents.document_id
    left join {{ ref('stg_unleashed__customers') }} as customers
        on
            documents.tenant_id = customers.tenant_id
            and documents.source_contact_id = customers.customer_id
),

candidates as (
    {%- for attribute, level, value, value_kind, side in [
        ('account', 'line', 'line_account_code', "'code'", 'null'),
        ('account', 'item_override', 'item_account_code', "'code'", "'sales'"),
        ('account', 'contact', 'contact_account_code', "'code'", "'sales'"),
        (
            'tax',
            'line',
            'coalesce(line_xero_tax_type, line_tax_code)',
            "case when line_xero_tax_type is not null then 'xero_tax_type' else 'source_tax_code' end",
            'null',
        ),
        ('tax', 'item_override', 'item_xero_tax_type', "'xero_tax_type'", "'sales'"),
    ] %}
    select
        tenant_id,
        document_id,
        line_id,
        '{{ attribute }}' as attribute,
        '{{ level }}' as level,
        {{ value }} as value,
        {{ value_kind }} as value_kind,
        cast({{ side }} as {{ text }}) as side_of_override
    from coded
    where {{ value }} is not null and line_kind != 'text'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        tenant_id,
        'unleashed' as source_system,
        'invoice' as document_type,
        document_id,
        line_id,
        attribute,
        level,
        value,
        value_kind,
        side_of_override,
        cast(null as {{ text }}) as tracking_category,
        false as is_explicit_none
    from candidates
)

select * from final
