{# A part of a date as a number: year, month or day. #}
{% macro part_of_date(part, day) -%}
    {{ return(adapter.dispatch('part_of_date', 'xero_crm')(part, day)) }}
{%- endmacro %}

{% macro default__part_of_date(part, day) -%}
    {{ part }}({{ day }})
{%- endmacro %}

{#
    Called by dbt.dateadd. That of dbt-spark goes through seconds since 1970, from which Spark makes no timestamp
    without a zone: every date came out null.
#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, cast({{ interval }} as int), cast({{ from_date_or_timestamp }} as timestamp_ntz))
{%- endmacro %}
