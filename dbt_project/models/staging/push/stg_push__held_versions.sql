{{ config(materialized='table') }}

{#-
    The hash of each record as its system held it at the latest read: what a plan was made against.
    Only of what is written.
-#}
{%- set parts = {
    'raw_xero': ['items', 'contacts', 'invoices', 'credit_notes', 'manual_journals'],
    'raw_prospect': ['product_items', 'sales_ledgers', 'xero_analysis_codes', 'sales_transactions'],
} -%}

with logged as (
    {%- for schema, tables in parts.items() %}
    {%- set outer = loop %}
    {%- for table in tables %}
    select
        tenant_id,
        '{{ schema | replace("raw_", "") }}__{{ table }}' as record_type,
        record_id,
        version_hash,
        is_deleted,
        extracted_at
    from {{ source(schema, table) }}
    {{ 'union all' if not (loop.last and outer.last) }}
    {%- endfor %}
    {%- endfor %}
),

newest as (
    select
        tenant_id,
        record_type,
        record_id,
        max(extracted_at) as extracted_at
    from logged
    group by tenant_id, record_type, record_id
),

final as (
    select
        logged.tenant_id,
        logged.record_type,
        logged.record_id,
        logged.version_hash
    from logged
    inner join newest
        on
            logged.tenant_id = newest.tenant_id
            and logged.record_type = newest.record_type
            and logged.record_id = newest.record_id
            and logged.extracted_at = newest.extracted_at
    where not logged.is_deleted
)

select * from final
