{# The account_id of what the financial year has earned so far, which is no account. #}
{% macro current_year_earnings() -%}
    00000000-0000-0000-0000-000000000000
{%- endmacro %}
