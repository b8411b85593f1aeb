{%- set columns = {
    'system': 'string',
    'name': 'string',
    'grant': 'string',
    'role': 'string',
    'suffix': 'string',
    'tenant_ids': 'string',
    'xero': 'string',
    'operating_company': 'string',
    'api_url': 'string',
    'tenant_id': 'string',
    'invoice_prefix': 'string',
    'endpoints_on': 'string',
} -%}

with latest as (
    {{ latest_versions(source('raw_settings', 'connections')) }}
),

parsed as (
    select
        *,
        {{ parse_text('payload', columns) }} as text
    from latest
),

-- Defaults as connections.toml documents them.
renamed as (
    select
        tenant_id,
        record_id,
        text['system'] as system,
        text['name'] as connection_name,
        text['grant'] as grant_type,
        coalesce(nullif(text['role'], ''), 'primary') as role,
        coalesce(text['suffix'], '') as suffix,
        text['tenant_ids'] as tenant_ids,
        text['xero'] as xero_connection_name,
        text['operating_company'] as operating_company,
        text['api_url'] as api_url,
        nullif(text['tenant_id'], '') as organisation_id,
        coalesce(text['invoice_prefix'], '') as invoice_prefix,
        coalesce(text['endpoints_on'], '') as endpoints_on,
        is_deleted,
        record_updated_at,
        extracted_at
    from parsed
)

select * from renamed
