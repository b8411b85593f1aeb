{#- What MetricFlow counts time by: every day that books may be of, as in int_financial_months_dated. -#}
with digits as (

    {% for digit in range(10) %}
    select {{ digit }} as digit
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

numbers as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * rest.digit as number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as rest
    where rest.digit < 4

),

final as (

    select cast({{ dbt.dateadd('day', 'number', "cast('1980-01-01' as date)") }} as date) as date_day
    from numbers
    where number < 36525

)

select * from final
