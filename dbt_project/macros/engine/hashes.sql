{# The SHA-256 of a text, 64 lower-case hexadecimal digits. #}
{% macro sha256_hex(text) -%}
    {{ return(adapter.dispatch('sha256_hex', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__sha256_hex(text) -%}
    sha256({{ text }})
{%- endmacro %}

{% macro spark__sha256_hex(text) -%}
    sha2({{ text }}, 256)
{%- endmacro %}

{# One hash of the texts of a group of rows, whatever their order: an aggregate. #}
{% macro hash_of_rows(text) -%}
    {{ return(adapter.dispatch('hash_of_rows', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__hash_of_rows(text) -%}
    sha256(string_agg({{ text }}, '|' order by {{ text }}))
{%- endmacro %}

{% macro spark__hash_of_rows(text) -%}
    sha2(listagg({{ text }}, '|') within group (order by {{ text }}), 256)
{%- endmacro %}
