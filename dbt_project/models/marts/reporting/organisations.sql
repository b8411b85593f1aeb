with organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

final as (

    select
        tenant_id,
        organisation_name,
        legal_name,
        base_currency,
        short_code,
        country_code,
        timezone,
        financial_year_end_day,
        financial_year_end_month,
        period_lock_date,
        end_of_year_lock_date
    from organisations

)

select * from final
