{{ config(materialized='table') }}

{#-
    Tracking options that people wrote into the custom fields of a quote line (level line), of the quote
    (transaction) or of the sales ledger (contact), by name; macros/fields/prospect_fields.sql says which
    field is which category. A row without line_id holds for all lines of the quote.
-#}
{%- set text = dbt.type_string() -%}
with quotes as (
    select * from {{ ref('int_prospect__outgoing_documents') }}
),

lines as (
    select * from {{ ref('int_prospect__lines_unified') }}
),

chosen as (
    {%- for category in prospect_tracking_fields().values() %}
    {%- set field = 'tracking_' ~ loop.index %}
    select
        lines.tenant_id,
        lines.quote_id,
        lines.line_id,
        'line' as level,
        '{{ category }}' as tracking_category,
        xtras.{{ field }} as option_name
    from lines
    inner join {{ ref('stg_prospect__quote_line_xtras') }} as xtras
        on
            lines.tenant_id = xtras.tenant_id
            and lines.line_id = xtras.line_id
    where not xtras.is_deleted
    union all
    select
        quotes.tenant_id,
        quotes.document_id as quote_id,
        cast(null as {{ text }}) as line_id,
        'transaction' as level,
        '{{ category }}' as tracking_category,
        xtras.{{ field }} as option_name
    from quotes
    inner join {{ ref('stg_prospect__quote_xtras') }} as xtras
        on
            quotes.tenant_id = xtras.tenant_id
            and quotes.document_id = xtras.quote_id
    where not xtras.is_deleted
    union all
    select
        quotes.tenant_id,
        quotes.document_id as quote_id,
        cast(null as {{ text }}) as line_id,
        'contact' as level,
        '{{ category }}' as tracking_category,
        xtras.{{ field }} as option_name
    from quotes
    inner join {{ ref('stg_prospect__sales_ledger_xtras') }} as xtras
        on
            quotes.tenant_id = xtras.tenant_id
            and quotes.source_contact_id = xtras.sales_ledger_id
    where not xtras.is_deleted
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        tenant_id,
        quote_id,
        line_id,
        coalesce(line_id, '*') as line_key,
        level,
        tracking_category,
        case when option_name != '{{ prospect_no_option() }}' then option_name end as option_name,
        option_name = '{{ prospect_no_option() }}' as is_explicit_none
    from chosen
    where option_name is not null
)

select * from final
