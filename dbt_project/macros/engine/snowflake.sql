{# Snowflake: compiled and parsed, never run. A backslash in a literal is written twice. #}

{# Snowflake tries only texts. #}
{% macro snowflake__cast_or_null(expression, type) -%}
    try_cast(cast({{ expression }} as varchar) as {{ type }})
{%- endmacro %}

{% macro snowflake__calendar_date(text) -%}
    case
        when {{ text }} like '/Date(%' then cast({{ epoch_timestamp(text) }} as date)
        when regexp_instr({{ text }}, '^\\d{4}-\\d{2}-\\d{2}($|T| )') > 0
            then try_cast(left({{ text }}, 10) as date)
    end
{%- endmacro %}

{% macro snowflake__epoch_timestamp(text) -%}
    {%- set milliseconds -%}
        try_cast(regexp_substr({{ text }}, '^/Date\\((-?\\d+)([+-]\\d{4})?\\)/$', 1, 1, 'e', 1) as bigint)
    {%- endset -%}
    case
        when {{ milliseconds }} between -9223372036854775 and 9223372036854775
            then dateadd('millisecond', {{ milliseconds }}, cast('1970-01-01' as timestamp_ntz))
    end
{%- endmacro %}

{% macro snowflake__utc_timestamp(text) -%}
    case
        when regexp_instr({{ text }}, '^\\s*\\d{4}-\\d{1,2}-\\d{1,2}') = 0 then null
        when
            regexp_instr({{ text }}, '[0-9](Z|[+-]\\d{2}(:?\\d{2})?)$') > 0
            and {{ text }} like '%:%'
            then cast(convert_timezone('UTC', try_to_timestamp_tz({{ text }})) as timestamp_ntz)
        else try_to_timestamp_ntz({{ text }})
    end
{%- endmacro %}

{% macro snowflake__sha256_hex(text) -%}
    sha2({{ text }}, 256)
{%- endmacro %}

{% macro snowflake__hash_of_rows(text) -%}
    sha2(listagg({{ text }}, '|') within group (order by {{ text }}), 256)
{%- endmacro %}

{# A variant, of which the members are taken one by one. #}
{% macro snowflake__parse_text(payload, shape) -%}
    try_parse_json({{ payload }})
{%- endmacro %}

{# Snowflake has no `$` before a path. #}
{% macro snowflake__json_text(payload, path) -%}
    cast(get_path(try_parse_json({{ payload }}), ltrim({{ path }}, '$.')) as varchar)
{%- endmacro %}

{% macro snowflake__json_string(text) -%}
    case when {{ text }} is not null then to_json(to_variant({{ text }})) end
{%- endmacro %}

{% macro snowflake__without_trailing_zeros(text) -%}
    rtrim(rtrim({{ text }}, '0'), '.')
{%- endmacro %}

{% macro snowflake__json_number(number, scale) -%}
    {{ return(xero_crm.duckdb__json_number(number, scale)) }}
{%- endmacro %}

{% macro snowflake__json_list_of_rows(expression, order_by) -%}
    {{ return(xero_crm.spark__json_list_of_rows(expression, order_by)) }}
{%- endmacro %}

{% macro snowflake__explode_with_position(relation, list_column, item, position) -%}
    (
        select
            relation.*,
            exploded.value as {{ item }},
            exploded.index + 1 as {{ position }}
        from {{ relation }} as relation
        cross join lateral flatten(input => relation.{{ list_column }}) as exploded
    )
{%- endmacro %}

{% macro snowflake__list_element(list, position) -%}
    get({{ list }}, {{ position }} - 1)
{%- endmacro %}

{% macro snowflake__list_length(list) -%}
    array_size({{ list }})
{%- endmacro %}

{# Snowflake's `transform` knows no position, so that it goes over the positions. #}
{% macro snowflake__list_map(list, item, position, expression) -%}
    transform({{ _positions(list) }}, {{ position }} int -> {{ _at_position(list, item, position, expression) }})
{%- endmacro %}

{% macro _positions(list) -%}
    {{ return('array_generate_range(1, array_size(' ~ list ~ ') + 1)') }}
{%- endmacro %}

{% macro _at_position(list, item, position, expression) -%}
    {{ return(modules.re.sub('\\b' ~ item ~ '\\b', list_element(list, position), expression)) }}
{%- endmacro %}

{% macro snowflake__list_any(list, item, position, condition) -%}
    {%- set found = _at_position(list, item, position, condition) -%}
    coalesce(array_size(filter({{ _positions(list) }}, {{ position }} int -> {{ found }})), 0) > 0
{%- endmacro %}

{% macro snowflake__list_of(expressions) -%}
    array_construct({{ expressions | join(', ') }})
{%- endmacro %}

{% macro snowflake__lists_joined(lists) -%}
    array_flatten(array_construct_compact({{ lists | join(', ') }}))
{%- endmacro %}

{% macro snowflake__list_flat_map(list, item, position, expression) -%}
    array_flatten({{ list_map(list, item, position, expression) }})
{%- endmacro %}

{% macro snowflake__list_compact(list) -%}
    array_compact({{ list }})
{%- endmacro %}

{% macro snowflake__struct_of(fields) -%}
    object_construct_keep_null(
    {%- for name, expression in fields.items() -%}
        '{{ name }}', {{ expression }}{{ ', ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}

{% macro snowflake__struct_field(struct, name) -%}
    get({{ struct }}, '{{ name }}')
{%- endmacro %}

{% macro snowflake__text_literal(text) -%}
    {{ return(xero_crm.databricks__text_literal(text)) }}
{%- endmacro %}

{# `concat_ws` would be null for one text that is. #}
{% macro snowflake__texts_joined(texts, separator) -%}
    array_to_string(array_construct_compact({{ texts | join(', ') }}), '{{ separator }}')
{%- endmacro %}

{% macro snowflake__digits_of(text) -%}
    regexp_replace({{ text }}, '[^0-9]', '')
{%- endmacro %}

{% macro snowflake__text_in_last_brackets(text) -%}
    case
        when {{ text }} is not null
            then coalesce(
                regexp_substr({{ text }}, '\\[([^\\[\\]]+)\\]\\s*$', 1, 1, 'e', 1), ''
            )
    end
{%- endmacro %}

{% macro snowflake__month_at_end(text) -%}
    try_to_date(regexp_substr({{ text }}, '[A-Z][a-z]+ \\d{4}$'), 'MMMM YYYY')
{%- endmacro %}

{% macro snowflake__local_date(instant, zone) -%}
    cast(convert_timezone('UTC', {{ zone }}, {{ instant }}) as date)
{%- endmacro %}

{# Snowflake keeps few decimals of a quotient; what `mod` leaves divides without any. #}
{% macro snowflake__to_base(amount, rate) -%}
    {%- set rate_units = 'cast(abs(cast(' ~ rate ~ ' as decimal(38,6))) * 1000000 as decimal(38,0))' -%}
    {%- set amount_units = 'cast(abs(cast(' ~ amount ~ ' as decimal(38,4))) * 10000 as decimal(38,0))' -%}
    {%- set dividend = '(' ~ amount_units ~ ' * 20000 + ' ~ rate_units ~ ')' -%}
    {%- set divisor = 'nullif(2 * ' ~ rate_units ~ ', 0)' -%}
    case
        when {{ amount_units }} * 100 < {{ rate_units }} * 100000000000000
            then cast(
                sign({{ amount }})
                * cast(
                    ({{ dividend }} - mod({{ dividend }}, {{ divisor }})) / {{ divisor }}
                    as decimal(20,0)
                )
                * cast(0.01 as decimal(3,2))
                as decimal(18,4)
            )
    end
{%- endmacro %}
