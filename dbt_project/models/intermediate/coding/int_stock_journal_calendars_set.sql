{#-
    The calendar of each organisation's stock journals: its time zone, the first month that is not
    locked, and the first month that is journalled at all. What was sent for earlier months stays as it
    is, as does everything where no system's stock movements become journals.

    The policy `stock_journals_from` names that first month ("2025-04"). Without it every movement that
    the source holds is journalled, also those of months that were journalled by other means.
-#}
with organisations as (

    select * from {{ ref('int_organisation_limits_read') }}

),

-- The organisation's row goes before that of all organisations.
starts as (

    select
        organisations.tenant_id,
        settings.value,
        row_number() over (
            partition by organisations.tenant_id
            order by case when settings.tenant_id = '*' then 1 else 0 end
        ) as choice
    from organisations
    inner join {{ ref('stg_settings__coding_policy') }} as settings
        on settings.tenant_id in (organisations.tenant_id, '*')
    where not settings.is_deleted and lower(trim(settings.policy)) = 'stock_journals_from'

),

switches as (

    select
        tenant_id,
        max(case when stock_journals = 'on' then 1 else 0 end) as is_on
    from {{ ref('int_coding_policies_set') }}
    group by tenant_id

),

final as (

    select
        organisations.tenant_id,
        organisations.organisation_name,
        organisations.base_currency,
        case when organisations.country_code = 'AU' then 'BASEXCLUDED' else 'NONE' end as tax_type,
        organisations.timezone as stated_zone,
        {{ iana_time_zone('organisations.timezone') }} as time_zone,
        organisations.locked_to,
        -- A journal bears its month's last day: a month is open unless all of it is locked.
        {{ month_of(dbt.dateadd('day', 1, 'organisations.locked_to')) }} as first_open_month,
        case
            when coalesce(switches.is_on, 0) = 0 then cast('9999-12-01' as date)
            when starts.value is null then cast('0001-01-01' as date)
            else
                coalesce(
                    {{ cast_or_null("substr(trim(starts.value), 1, 7) || '-01'", 'date') }},
                    cast('9999-12-01' as date)
                )
        end as start_month
    from organisations
    left join starts
        on
            organisations.tenant_id = starts.tenant_id
            and starts.choice = 1
    left join switches
        on organisations.tenant_id = switches.tenant_id

)

select * from final
