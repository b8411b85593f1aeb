{#
    Reading JSON. `parse_text` parses a payload once, into the structs and lists of a declared shape
    (macros/shapes), each scalar still text; `typed` (macros/typing.sql) then casts.
#}

{% macro parse_text(payload, shape) -%}
    {{ return(adapter.dispatch('parse_text', 'xero_crm')(payload, shape)) }}
{%- endmacro %}

{#
    Text first, because DuckDB's from_json reaches a decimal through a double: 277596233303.629 and
    one in forty amounts above it come out a fraction wrong as decimal(18,4). As text a number of up
    to 15 digits keeps its digits, and casting that is exact. `try`: one unreadable payload (half a
    surrogate pair, say) becomes null and a finding, and does not stop the model.
#}
{% macro duckdb__parse_text(payload, shape) -%}
    try(from_json({{ payload }}, '{{ tojson(_text_shape(shape)) }}'))
{%- endmacro %}

{# Spark gives a text field the very characters of the payload. What is no JSON is null, not a struct of nulls. #}
{% macro spark__parse_text(payload, shape) -%}
    case
        when try_parse_json({{ payload }}) is not null
            then from_json({{ payload }}, '{{ _spark_text_shape(shape) }}')
    end
{%- endmacro %}

{% macro _spark_text_shape(shape) -%}
    {%- if shape is string -%}
        {{ return('string') }}
    {%- elif shape is mapping -%}
        {%- set fields = [] -%}
        {%- for name, field_shape in shape.items() -%}
            {%- do fields.append('`' ~ name ~ '`: ' ~ _spark_text_shape(field_shape)) -%}
        {%- endfor -%}
        {{ return('struct<' ~ fields | join(', ') ~ '>') }}
    {%- else -%}
        {{ return('array<' ~ _spark_text_shape(shape[0]) ~ '>') }}
    {%- endif -%}
{%- endmacro %}

{% macro _text_shape(shape) -%}
    {%- if shape is string -%}
        {{ return('VARCHAR') }}
    {%- elif shape is mapping -%}
        {%- set fields = {} -%}
        {%- for name, field_shape in shape.items() -%}
            {%- do fields.update({name: _text_shape(field_shape)}) -%}
        {%- endfor -%}
        {{ return(fields) }}
    {%- else -%}
        {{ return([_text_shape(shape[0])]) }}
    {%- endif -%}
{%- endmacro %}

{# The text at a path of a payload (an SQL expression, `$.A[0].B`); null if absent, null or no JSON. #}
{% macro json_text(payload, path) -%}
    {{ return(adapter.dispatch('json_text', 'xero_crm')(payload, path)) }}
{%- endmacro %}

{% macro duckdb__json_text(payload, path) -%}
    try(json_extract_string({{ payload }}, {{ path }}))
{%- endmacro %}

{% macro spark__json_text(payload, path) -%}
    get_json_object({{ payload }}, {{ path }})
{%- endmacro %}
{#
    Writing JSON, as text, piece by piece: every value an expression of JSON text, null for no value.
    Numbers are written from decimals, digit by digit: no double comes between.
#}

{# A text as a JSON string; null stays null. #}
{% macro json_string(text) -%}
    {{ return(adapter.dispatch('json_string', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__json_string(text) -%}
    case when {{ text }} is not null then cast(to_json({{ text }}) as varchar) end
{%- endmacro %}

{# Spark writes a list, an object or nothing; hence a list of one, without its brackets. #}
{% macro spark__json_string(text) -%}
    case
        when {{ text }} is not null
            then substr(to_json(array({{ text }})), 2, length(to_json(array({{ text }}))) - 2)
    end
{%- endmacro %}

{# A decimal as a JSON number, without trailing zeros: 12.5000 is 12.5. #}
{% macro json_number(number, scale=4) -%}
    {{ return(adapter.dispatch('json_number', 'xero_crm')(number, scale)) }}
{%- endmacro %}

{% macro duckdb__json_number(number, scale) -%}
    {%- set text = 'cast(cast(' ~ number ~ ' as decimal(38, ' ~ scale ~ ')) as varchar)' -%}
    {#- The noughts of a whole number are not behind a point: 120 is not 12. #}
    {{ "rtrim(rtrim(" ~ text ~ ", '0'), '.')" if scale > 0 else text }}
{%- endmacro %}

{% macro spark__json_number(number, scale) -%}
    {%- set text = 'cast(cast(' ~ number ~ ' as decimal(38, ' ~ scale ~ ')) as string)' -%}
    {{ without_trailing_zeros(text) if scale > 0 else text }}
{%- endmacro %}

{# An object of {name: expression of JSON text}; a member without a value is left out. #}
{% macro json_object_of(members) -%}
    {%- set written = [] -%}
    {%- for name, expression in members.items() -%}
        {%- do written.append("'\"" ~ name ~ "\":' || (" ~ expression ~ ')') -%}
    {%- endfor -%}
    '{' || {{ texts_joined(written) }} || '}'
{%- endmacro %}

{# A list of the given expressions of JSON text, without those that are null. #}
{% macro json_list_of(expressions) -%}
    '[' || {{ texts_joined(expressions) }} || ']'
{%- endmacro %}

{# An aggregate: a list of a group's rows, in order; `[]` where no row has a value. #}
{% macro json_list_of_rows(expression, order_by) -%}
    {{ return(adapter.dispatch('json_list_of_rows', 'xero_crm')(expression, order_by)) }}
{%- endmacro %}

{% macro duckdb__json_list_of_rows(expression, order_by) -%}
    '[' || coalesce(string_agg({{ expression }}, ',' order by {{ order_by }}), '') || ']'
{%- endmacro %}

{% macro spark__json_list_of_rows(expression, order_by) -%}
    '[' || coalesce(listagg({{ expression }}, ',') within group (order by {{ order_by }}), '') || ']'
{%- endmacro %}

{# The elements of two lists of JSON, as one list. #}
{% macro json_lists_joined(one, other) -%}
    {%- set elements = [] -%}
    {%- for list in (one, other) -%}
        {%- do elements.append('nullif(substr(' ~ list ~ ', 2, length(' ~ list ~ ") - 2), '')") -%}
    {%- endfor -%}
    '[' || {{ texts_joined(elements) }} || ']'
{%- endmacro %}
