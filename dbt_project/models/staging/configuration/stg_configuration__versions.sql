{#-
    The version in force of everything that coding depends on: Xero's accounts, tax rates and tracking
    categories, and the settings about them. A decision is recorded with the hash of these.
-#}
{%- set parts = {
    'raw_xero': ['accounts', 'tax_rates', 'tracking_categories'],
    'raw_settings': [
        'gl_defaults', 'analysis_slots', 'tracking_relevance', 'tracking_mandatory', 'tax_mappings', 'coding_policy',
        'account_eligibility', 'tracking_remap',
    ],
} -%}

with logged as (
    {%- for schema, tables in parts.items() %}
    {%- for table in tables %}
    select
        tenant_id,
        '{{ table }}' as record_type,
        record_id,
        version_hash,
        is_deleted,
        extracted_at
    from {{ source(schema, table) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
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
        logged.version_hash,
        logged.extracted_at
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
