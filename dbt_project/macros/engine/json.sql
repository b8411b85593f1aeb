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
