{# Databricks, where it is not as Spark: compiled and parsed, never run. #}

{# As on Spark, rather than by that of dbt-databricks, which goes the same way. #}
{% macro databricks__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {{ return(xero_crm.spark__dateadd(datepart, interval, from_date_or_timestamp)) }}
{%- endmacro %}

{# Where a backslash begins an escape. #}
{% macro databricks__text_literal(text) -%}
    {{ return("'" ~ text | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{%- endmacro %}

{% macro databricks__pattern_literal(pattern) -%}
    {{ return("r'" ~ pattern ~ "'") }}
{%- endmacro %}

{% macro databricks__split_part(string_text, delimiter_text, part_number) -%}
    {{ return(xero_crm.spark__split_part(string_text, delimiter_text, part_number)) }}
{%- endmacro %}
