{%- set month_number = part_of_date('month', 'months.month') -%}
{%- set year = part_of_date('year', 'months.month') -%}
with organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

days as (

    select
        tenant_id,
        document_date as posted_on
    from {{ ref('int_documents_unified') }}
    union all
    select
        tenant_id,
        settled_on as posted_on
    from {{ ref('int_settlements_unified') }}
    union all
    select
        tenant_id,
        posting_date as posted_on
    from {{ ref('int_journal_lines_posted') }}

),

-- Whatever was entered, no organisation has books of more than a century or of the year 9999.
spans as (

    select
        tenant_id,
        {{ month_of('min(posted_on)') }} as first_month,
        {{ month_of('greatest(max(posted_on), coalesce(' ~ as_of() ~ ', max(posted_on)))') }}
            as last_month
    from days
    where posted_on between cast('1980-01-01' as date) and cast('2079-12-31' as date)
    group by tenant_id

),

digits as (

    {% for digit in range(10) %}
    select {{ digit }} as digit
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

numbers as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    where thousands.digit < 2

),

months as (

    select
        spans.tenant_id,
        cast({{ dbt.dateadd('month', 'numbers.number', 'spans.first_month') }} as date) as month
    from spans
    inner join numbers
        on {{ dbt.dateadd('month', 'numbers.number', 'spans.first_month') }} <= spans.last_month

),

-- The last whole month of the financial year. A year that ends before the 28th (5 April) ends in the middle
-- of a month, and that month belongs to the year that it begins.
year_ends as (

    select
        tenant_id,
        case
            when financial_year_end_day < 28 then financial_year_end_month - 1
            else financial_year_end_month
        end as last_month
    from organisations

),

final as (

    select
        months.tenant_id,
        months.month,
        cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'months.month')) }} as date) as month_end,
        cast(
            case
                when {{ month_number }} > year_ends.last_month then {{ year }} + 1
                else {{ year }}
            end as bigint
        ) as financial_year,
        cast(mod({{ month_number }} - year_ends.last_month + 11, 12) + 1 as bigint) as financial_period
    from months
    inner join year_ends
        on months.tenant_id = year_ends.tenant_id

)

select * from final
