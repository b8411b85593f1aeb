{# The calendar date that an instant (a naive UTC timestamp) has in an IANA time zone; null without either. #}
{% macro local_date(instant, zone) -%}
    {{ return(adapter.dispatch('local_date', 'xero_crm')(instant, zone)) }}
{%- endmacro %}

{% macro duckdb__local_date(instant, zone) -%}
    cast(timezone({{ zone }}, timezone('UTC', {{ instant }})) as date)
{%- endmacro %}

{% macro spark__local_date(instant, zone) -%}
    cast(convert_timezone('UTC', {{ zone }}, {{ instant }}) as date)
{%- endmacro %}
