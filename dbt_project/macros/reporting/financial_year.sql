{# The calendar year in which the financial year of a date ends; `organisations` is stg_xero__organisations. #}
{% macro financial_year_of(day, organisations='organisations') -%}
    cast({{ financial_year_counted(day, organisations) }} as bigint)
{%- endmacro %}

{# The same, in the type in which the engine counts years. #}
{% macro financial_year_counted(day, organisations='organisations') -%}
    case
        when
            {{ part_of_date('month', day) }} > {{ organisations }}.financial_year_end_month
            or (
                {{ part_of_date('month', day) }} = {{ organisations }}.financial_year_end_month
                and {{ part_of_date('day', day) }} > {{ organisations }}.financial_year_end_day
            )
            then {{ part_of_date('year', day) }} + 1
        else {{ part_of_date('year', day) }}
    end
{%- endmacro %}
