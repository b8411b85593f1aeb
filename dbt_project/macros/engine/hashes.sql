{# The SHA-256 of a text, 64 lower-case hexadecimal digits. #}
{% macro sha256_hex(text) -%}
    {{ return(adapter.dispatch('sha256_hex', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__sha256_hex(text) -%}
    sha256({{ text }})
{%- endmacro %}
