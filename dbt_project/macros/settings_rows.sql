{#
    The rows of one settings file: its columns typed, a blank cell null. `columns` maps each name to
    its type, tenant_id excepted (`*` is every tenant).

    first_seen_at is when a row was first read, so that a name in it can mean for ever the thing that
    bore it then. A row is known by its key; where the names are not in the key, `first_seen` is
    `content`: a row with other names is another row.
#}
{% macro settings_rows(file, columns, first_seen='key') -%}
{%- set log = source('raw_settings', file) -%}
with latest as (
    {{ latest_versions(log) }}
),

first_seen as (
    select
        tenant_id,
        record_id,
        {%- if first_seen == 'content' %}
        payload,
        {%- endif %}
        min(extracted_at) as first_seen_at
    from {{ log }}
    where not is_deleted
    group by tenant_id, record_id{{ ', payload' if first_seen == 'content' }}
),

parsed as (
    select
        latest.*,
        first_seen.first_seen_at,
        {{ parse_text('latest.payload', dict.fromkeys(columns, 'string')) }} as text
    from latest
    inner join first_seen
        on
            latest.tenant_id = first_seen.tenant_id
            and latest.record_id = first_seen.record_id
            {%- if first_seen == 'content' %}
            and latest.payload = first_seen.payload
            {%- endif %}
),

renamed as (
    select
        tenant_id,
        record_id,
        {%- for column, type in columns.items() %}
        {{ typed("nullif(" ~ struct_field('text', column) ~ ", '')", type) }} as {{ column }},
        {%- endfor %}
        first_seen_at,
        is_deleted,
        record_updated_at,
        extracted_at
    from parsed
)

select * from renamed
{%- endmacro %}
