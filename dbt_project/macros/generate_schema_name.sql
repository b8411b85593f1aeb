{# The schema as written in dbt_project.yml: `crm`, not dbt's `main_crm`. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
