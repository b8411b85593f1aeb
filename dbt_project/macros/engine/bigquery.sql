{# BigQuery: compiled and parsed, never run. #}

{# A whole number is rounded; what has no room in a numeric is a bignumeric. #}
{% macro bigquery__cast_or_null(expression, type) -%}
    {%- if type == 'bigint' -%}
        safe_cast(round(safe_cast({{ expression }} as bignumeric)) as int64)
    {%- else -%}
        safe_cast({{ expression }} as {{ type | replace('decimal(38', 'bignumeric(38') }})
    {%- endif -%}
{%- endmacro %}

{% macro bigquery__wide_decimal(scale) -%}
    bignumeric(38, {{ scale }})
{%- endmacro %}

{% macro bigquery__calendar_date(text) -%}
    case
        when {{ text }} like '/Date(%' then date({{ epoch_timestamp(text) }})
        when regexp_contains({{ text }}, r'^\d{4}-\d{2}-\d{2}($|T| )')
            then safe_cast(left({{ text }}, 10) as date)
    end
{%- endmacro %}

{% macro bigquery__epoch_timestamp(text) -%}
    safe.timestamp_millis(safe_cast(regexp_extract({{ text }}, r'^/Date\((-?\d+)(?:[+-]\d{4})?\)/$') as int64))
{%- endmacro %}

{# A timestamp of BigQuery is an instant, read at UTC where the text has no offset. #}
{% macro bigquery__utc_timestamp(text) -%}
    case
        when regexp_contains({{ text }}, r'^\s*\d{4}-\d{1,2}-\d{1,2}')
            then safe_cast({{ text }} as timestamp)
    end
{%- endmacro %}

{# Called by dbt.dateadd, always with a date. That of dbt-bigquery gives a datetime, which is compared with no date. #}
{% macro bigquery__dateadd(datepart, interval, from_date_or_timestamp) -%}
    date_add(cast({{ from_date_or_timestamp }} as date), interval {{ interval }} {{ datepart }})
{%- endmacro %}

{% macro bigquery__part_of_date(part, day) -%}
    extract({{ part }} from {{ day }})
{%- endmacro %}

{% macro bigquery__sha256_hex(text) -%}
    to_hex(sha256({{ text }}))
{%- endmacro %}

{% macro bigquery__hash_of_rows(text) -%}
    to_hex(sha256(string_agg({{ text }}, '|' order by {{ text }})))
{%- endmacro %}

{#
    BigQuery has no declared shape: a struct is made member by member, each out of the payload by its path, and
    a list element by element.
#}
{% macro bigquery__parse_text(payload, shape) -%}
    case when safe.parse_json({{ payload }}) is not null then {{ _bigquery_parsed(payload, '$', shape, 1) }} end
{%- endmacro %}

{% macro _bigquery_parsed(json, path, shape, depth) -%}
    {%- if shape is string -%}
        {{ return('json_value(' ~ json ~ ", '" ~ path ~ "')") }}
    {%- elif shape is mapping -%}
        {%- set fields = {} -%}
        {%- for name, field_shape in shape.items() -%}
            {%- do fields.update({name: _bigquery_parsed(json, path ~ '.' ~ name, field_shape, depth)}) -%}
        {%- endfor -%}
        {{ return(struct_of(fields)) }}
    {%- else -%}
        {%- set elements = 'json_query_array(' ~ json ~ ", '" ~ path ~ "')" -%}
        {%- set element = 'json_' ~ depth -%}
        {%- set parsed = _bigquery_parsed(element, '$', shape[0], depth + 1) -%}
        {{ return(
            'case when ' ~ elements ~ ' is not null then '
            ~ list_map(elements, element, 'place_' ~ depth, parsed) ~ ' end'
        ) }}
    {%- endif -%}
{%- endmacro %}

{#
    BigQuery takes a path only as a literal. Where a position is spliced into it, the members are taken from
    parsed JSON instead, whose subscripts may be expressions.
#}
{% macro bigquery__json_text(payload, path) -%}
    {%- if '||' not in path -%}
        coalesce(json_value({{ payload }}, {{ path }}), json_query({{ payload }}, {{ path }}))
    {%- else -%}
        {%- set members = path.strip("'").replace('$', '', 1).replace("[' || (", '[').replace(") || ']", ']') -%}
        {%- set member = 'safe.parse_json(' ~ payload ~ ", wide_number_mode => 'round')" ~ members -%}
        coalesce(json_value({{ member }}), nullif(to_json_string({{ member }}), 'null'))
    {%- endif -%}
{%- endmacro %}

{% macro bigquery__json_string(text) -%}
    case when {{ text }} is not null then to_json_string({{ text }}) end
{%- endmacro %}

{# Whether or not BigQuery writes the noughts behind a point. #}
{% macro bigquery__without_trailing_zeros(text) -%}
    rtrim(regexp_replace({{ text }}, r'(\.\d*?)0+$', r'\1'), '.')
{%- endmacro %}

{% macro bigquery__json_number(number, scale) -%}
    {{ without_trailing_zeros('cast(cast(' ~ number ~ ' as bignumeric(38, ' ~ scale ~ ')) as string)') }}
{%- endmacro %}

{% macro bigquery__number_in_text(number) -%}
    cast({{ number }} as string)
{%- endmacro %}

{% macro bigquery__json_list_of_rows(expression, order_by) -%}
    {{ return(xero_crm.duckdb__json_list_of_rows(expression, order_by)) }}
{%- endmacro %}

{% macro bigquery__explode_with_position(relation, list_column, item, position) -%}
    (
        select
            relation.*,
            {{ item }},
            place_from_zero + 1 as {{ position }}
        from {{ relation }} as relation
        cross join unnest(relation.{{ list_column }}) as {{ item }} with offset as place_from_zero
    )
{%- endmacro %}

{% macro bigquery__list_element(list, position) -%}
    {{ list }}[safe_ordinal({{ position }})]
{%- endmacro %}

{% macro bigquery__list_length(list) -%}
    array_length({{ list }})
{%- endmacro %}

{# In their order; an empty list where there is none. #}
{% macro bigquery__list_map(list, item, position, expression) -%}
    array(
        select {{ _bigquery_from_one(expression, position) }}
        from unnest({{ list }}) as {{ item }} with offset as {{ position }}
        order by {{ position }}
    )
{%- endmacro %}

{# An offset counts from 0, and is put into texts as text. #}
{% macro _bigquery_from_one(expression, position) -%}
    {%- set in_text = '|| ' ~ number_in_text(position) ~ ' ||' -%}
    {{ return(_from_one(expression.replace('|| ' ~ position ~ ' ||', in_text), position)) }}
{%- endmacro %}

{% macro bigquery__list_any(list, item, position, condition) -%}
    exists (
        select 1
        from unnest({{ list }}) as {{ item }} with offset as {{ position }}
        where {{ _bigquery_from_one(condition, position) }}
    )
{%- endmacro %}

{% macro bigquery__list_of(expressions) -%}
    [{{ expressions | join(', ') }}]
{%- endmacro %}

{# BigQuery has no list of lists. #}
{% macro bigquery__lists_joined(lists) -%}
    array_concat(
    {%- for list in lists -%}
        coalesce({{ list }}, []){{ ', ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}

{% macro bigquery__list_flat_map(list, item, position, expression) -%}
    array(
        select element
        from unnest({{ list }}) as {{ item }} with offset as {{ position }}
        cross join unnest({{ _bigquery_from_one(expression, position) }}) as element
    )
{%- endmacro %}

{% macro bigquery__list_compact(list) -%}
    array(select element from unnest({{ list }}) as element where element is not null)
{%- endmacro %}

{% macro bigquery__struct_of(fields) -%}
    struct(
    {%- for name, expression in fields.items() -%}
        {{ expression }} as `{{ name }}`{{ ', ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}

{% macro bigquery__struct_field(struct, name) -%}
    {{ struct }}.`{{ name }}`
{%- endmacro %}

{% macro bigquery__text_literal(text) -%}
    {{ return(xero_crm.databricks__text_literal(text)) }}
{%- endmacro %}

{% macro bigquery__texts_joined(texts, separator) -%}
    array_to_string([{{ texts | join(', ') }}], '{{ separator }}')
{%- endmacro %}

{% macro bigquery__digits_of(text) -%}
    regexp_replace({{ text }}, '[^0-9]', '')
{%- endmacro %}

{% macro bigquery__text_in_last_brackets(text) -%}
    case
        when {{ text }} is not null
            then coalesce(regexp_extract({{ text }}, r'\[([^\[\]]+)\]\s*$'), '')
    end
{%- endmacro %}

{% macro bigquery__month_at_end(text) -%}
    safe.parse_date('%B %Y', regexp_extract({{ text }}, r'[A-Z][a-z]+ \d{4}$'))
{%- endmacro %}

{% macro bigquery__local_date(instant, zone) -%}
    date({{ instant }}, {{ zone }})
{%- endmacro %}

{# A bignumeric has 38 digits behind the point, so that half a cent stays half a cent. #}
{% macro bigquery__to_base(amount, rate) -%}
    safe_cast(
        round(cast({{ amount }} as bignumeric(38, 4)) / nullif(cast({{ rate }} as bignumeric(38, 6)), 0), 2)
        as decimal(18, 4)
    )
{%- endmacro %}
