{#
    The end of every model of desired states: from a relation `records` to the columns that all of
    them have (data contracts, section 3.10, and pipelines/push).

    `records` has tenant_id, record_key, operation_hint, payload, label, target_id, held_payload,
    held_version, findings, facts, depends_on, source_system, source_record_id and content, which is
    what the source alone says, whatever Xero holds: its hash tells a record that was taken back from
    one that has changed since. A record that is held as wanted asks for nothing: `none`; then nothing
    is in its way either, unless its findings are of what its payload leaves out (`leaves_out`).
#}
{% macro push_records(target, entity, leaves_out=false) -%}
sent as (

    select * from {{ ref('int_push_records_sent') }}
    where target = '{{ target }}' and entity = '{{ entity }}'

),

snapshots as (

    select * from {{ ref('int_configuration_snapshots_taken') }}

),

hashed as (

    select
        *,
        {{ sha256_hex('content') }} as content_hash
    from records

),

{%- set undone = push_finding(
    'DOC_UNDONE',
    'skip',
    'sent.is_undone and sent.content_hash = hashed.content_hash',
    {'record': 'hashed.label', 'source': system_name('hashed.source_system')},
) %}

final as (

    select
        hashed.tenant_id,
        hashed.record_key,
        case
            when hashed.payload = hashed.held_payload then 'none'
            -- Written, and not read since.
            when
                hashed.held_payload is null
                and sent.is_confirmed
                and not sent.is_undone
                and sent.content_hash = hashed.content_hash then 'none'
            else hashed.operation_hint
        end as operation_hint,
        hashed.payload,
        {{ sha256_hex('hashed.payload') }} as payload_hash,
        hashed.label,
        hashed.target_id,
        hashed.held_payload,
        hashed.held_version,
        {%- set found = json_lists_joined('hashed.findings', json_list_of([undone])) %}
        {%- if leaves_out %}
        {{ found }} as findings,
        {%- else %}
        -- Where there is nothing to write, nothing can be in its way.
        case
            when hashed.payload = hashed.held_payload and {{ is_stopped('hashed.findings') }} then '[]'
            else {{ found }}
        end as findings,
        {%- endif %}
        {{
            json_object_with(
                'hashed.facts',
                {'content_hash': json_string('hashed.content_hash')},
            )
        }} as facts,
        hashed.depends_on,
        hashed.source_system,
        hashed.source_record_id,
        snapshots.snapshot_id
    from hashed
    left join sent
        on
            hashed.tenant_id = sent.tenant_id
            and hashed.record_key = sent.record_key
    left join snapshots
        on hashed.tenant_id = snapshots.tenant_id

)

select * from final
{%- endmacro %}

{# An object of JSON, not empty, with further members. #}
{% macro json_object_with(object, members) -%}
    {%- set more = json_object_of(members) -%}
    {{ return(
        "case when " ~ more ~ " = '{}' then " ~ object ~ " when " ~ object ~ " = '{}' then " ~ more
        ~ " else substr(" ~ object ~ ", 1, length(" ~ object ~ ") - 1) || ',' || substr(" ~ more ~ ", 2) end"
    ) }}
{%- endmacro %}

{# Nothing to depend on, nothing found. #}
{% macro json_nothing() -%}
    '[]'
{%- endmacro %}

{# The value of a desired field as Xero holds it; left out where the field itself is. #}
{% macro held_member(wanted, held) -%}
    {{ return('case when ' ~ wanted ~ ' is not null then ' ~ held ~ ' end') }}
{%- endmacro %}

{# A text as Xero takes it: without spaces around it or doubled within; null if nothing is left. #}
{% macro tidy_text(text) -%}
    nullif(trim(replace(replace(replace({{ text }}, '  ', ' '), '  ', ' '), '  ', ' ')), '')
{%- endmacro %}
