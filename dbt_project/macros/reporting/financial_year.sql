{# The calendar year in which the financial year of a date ends; `organisations` is stg_xero__organisations. #}
{% macro financial_year_of(day, organisations='organisations') -%}
    cast(
        case
            when
                month({{ day }}) > {{ organisations }}.financial_year_end_month
                or (
                    month({{ day }}) = {{ organisations }}.financial_year_end_month
                    and day({{ day }}) > {{ organisations }}.financial_year_end_day
                )
                then year({{ day }}) + 1
            else year({{ day }})
        end as bigint
    )
{%- endmacro %}
