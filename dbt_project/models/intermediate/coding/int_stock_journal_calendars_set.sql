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

-- Of several systems the earliest start counts: a month's journal is of all of them.
starts as (

    select
        tenant_id,
        min(
            case
                when stock_journals <> 'on' then cast('9999-12-01' as date)
                when stock_journals_from = '' then cast('0001-01-01' as date)
                else coalesce({{ policy_month('stock_journals_from') }}, cast('9999-12-01' as date))
            end
        ) as start_month
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
        coalesce(starts.start_month, cast('9999-12-01' as date)) as start_month
    from organisations
    left join starts
        on organisations.tenant_id = starts.tenant_id

)

select * from final
