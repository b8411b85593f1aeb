{#- What the organisation itself imposes on every document. -#}
with organisations as (

    select * from {{ ref('stg_xero__organisations') }}
    where not is_deleted

),

final as (

    select
        tenant_id,
        organisation_name,
        base_currency,
        country_code,
        timezone,
        -- Unless Xero says that it is not registered, it is: a null would silently drop all tax.
        coalesce(pays_tax, true) and coalesce(upper(sales_tax_basis), '') <> 'NONE' as is_tax_registered,
        -- PeriodLockDate does not bind advisers and drafts are accepted: Xero's own refusal cannot be relied on.
        case
            when end_of_year_lock_date is null or period_lock_date > end_of_year_lock_date then period_lock_date
            else end_of_year_lock_date
        end as locked_to
    from organisations

)

select * from final
