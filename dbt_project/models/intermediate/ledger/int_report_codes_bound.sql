with mappings as (

    select
        tenant_id,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(account_code), '') as account_code,
        valid_from,
        valid_to,
        report_as_code,
        first_seen_at
    from {{ ref('stg_settings__analysis_code_map') }}
    where not is_deleted

),

account_versions as (

    select * from {{ ref('stg_xero__account_versions') }}

),

-- A row that names a code means the account that bore it on valid_from; if none did, the first that does.
candidates as (

    select
        account_versions.tenant_id,
        account_versions.account_id,
        coalesce(mappings.valid_from, cast('0001-01-01' as date)) as valid_from,
        coalesce(mappings.valid_to, cast('9999-12-31' as date)) as valid_to,
        mappings.report_as_code,
        mappings.first_seen_at,
        case when mappings.tenant_id = '*' then 1 else 0 end as is_for_all_tenants,
        row_number() over (
            partition by
                account_versions.tenant_id,
                mappings.tenant_id,
                mappings.account_id,
                mappings.account_code,
                mappings.valid_from,
                mappings.report_as_code
            order by
                case
                    when
                        cast(account_versions.valid_from as date) <= mappings.valid_from
                        and (
                            account_versions.valid_to is null
                            or cast(account_versions.valid_to as date) > mappings.valid_from
                        ) then 0
                    else 1
                end,
                {{ dbt.date_trunc('millisecond', 'account_versions.valid_from') }},
                case when account_versions.account_status = 'ACTIVE' then 0 else 1 end,
                account_versions.valid_from,
                account_versions.account_id
        ) as choice
    from mappings
    inner join account_versions
        on
            mappings.tenant_id in (account_versions.tenant_id, '*')
            and (
                mappings.account_id = account_versions.account_id
                or (mappings.account_id is null and mappings.account_code = account_versions.account_code)
            )

),

-- A tenant's own rows for an account stand in place of the rows for all tenants.
chosen as (

    select
        *,
        min(is_for_all_tenants) over (partition by tenant_id, account_id) as most_specific,
        row_number() over (
            partition by tenant_id, account_id, is_for_all_tenants, valid_from
            order by first_seen_at desc, report_as_code asc
        ) as newest
    from candidates
    where choice = 1

),

-- A later row ends an earlier one, so that a date never has two.
final as (

    select
        tenant_id,
        account_id,
        valid_from,
        valid_to,
        lead(valid_from, 1, cast('9999-12-31' as date)) over (
            partition by tenant_id, account_id
            order by valid_from
        ) as superseded_from,
        report_as_code
    from chosen
    where is_for_all_tenants = most_specific and newest = 1

)

select * from final
