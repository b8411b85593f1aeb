with organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

months as (

    select distinct
        tenant_id,
        cast(date_trunc('month', document_date) as date) as month
    from {{ ref('int_documents_unified') }}
    where document_date is not null

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
        cast(
            case
                when month(months.month) > year_ends.last_month then year(months.month) + 1
                else year(months.month)
            end as bigint
        ) as financial_year,
        cast(mod(month(months.month) - year_ends.last_month + 11, 12) + 1 as bigint) as financial_period
    from months
    inner join year_ends
        on months.tenant_id = year_ends.tenant_id

)

select * from final
