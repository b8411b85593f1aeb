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

with versions as (
    {%- for schema, tables in parts.items() %}
    {%- for table in tables %}
    select
        log.tenant_id,
        '{{ table }}' as record_type,
        log.record_id,
        log.version_hash,
        log.is_deleted,
        log.extracted_at
    from {{ source(schema, table) }} as log
    inner join (
        select
            tenant_id,
            record_id,
            max(extracted_at) as extracted_at
        from {{ source(schema, table) }}
        group by tenant_id, record_id
    ) as newest
        on
            log.tenant_id = newest.tenant_id
            and log.record_id = newest.record_id
            and log.extracted_at = newest.extracted_at
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        tenant_id,
        record_type,
        record_id,
        version_hash,
        extracted_at
    from versions
    where not is_deleted
)

select * from final
