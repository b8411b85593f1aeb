{#
    A staging model of Prospect: the latest version of each record of a raw table, typed, with our names.
    Prospect deletes by a flag: is_deleted is true for a flagged record too.
#}
{% macro prospect_records(table, id) -%}
{%- set fields = prospect_fields()[table] -%}
with records as (
    {{ mapped_records(source('raw_prospect', table), id, fields) }}
),

flagged as (
    select
        tenant_id,
        {{ id }},
        {%- for name in fields %}
        {{ name }},
        {%- endfor %}
        typing_failures,
        is_deleted
        {%- if 'status_flag' in fields %} or coalesce(status_flag = 'D', false){% endif -%}
        {%- if 'is_obsolete' in fields %} or coalesce(is_obsolete, false){% endif %} as is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from flagged
{%- endmacro %}

{#
    A number that Prospect keeps whole, with a count of its decimals: 12345 with 2 is 123.45. Without a
    count it has none.
#}
{% macro scaled_number(number, decimals) -%}
    cast(
        cast({{ number }} as decimal(20,0))
        * case coalesce({{ decimals }}, 0)
            {%- for places in range(0, 7) %}
            when {{ places }} then cast({{ '1' if places == 0 else '0.' ~ '0' * (places - 1) ~ '1' }} as decimal(10,6))
            {%- endfor %}
        end
        as decimal(18,4)
    )
{%- endmacro %}
