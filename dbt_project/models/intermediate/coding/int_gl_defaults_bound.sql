{#-
    The organisation's default account and tax for each role. A code means the account that bore it
    when the row was first read or, if none did, the first that did afterwards; it keeps meaning that
    account when Xero numbers it anew.
-#}
with organisations as (

    select * from {{ ref('stg_xero__organisations') }}
    where not is_deleted

),

-- The organisation's own row goes before that of all organisations.
stated as (

    select
        organisations.tenant_id,
        lower(trim(defaults.role)) as role,
        nullif(trim(defaults.account_code), '') as account_code,
        nullif(trim(defaults.tax_type), '') as tax_type,
        defaults.first_seen_at,
        row_number() over (
            partition by organisations.tenant_id, lower(trim(defaults.role))
            order by case when defaults.tenant_id = '*' then 1 else 0 end, defaults.first_seen_at
        ) as choice
    from organisations
    inner join {{ ref('stg_settings__gl_defaults') }} as defaults
        on defaults.tenant_id in (organisations.tenant_id, '*')
    where not defaults.is_deleted

),

versions as (

    select * from {{ ref('stg_xero__account_versions') }}
    where not is_deleted

),

-- Of several that bore the code at the time, the one in use.
candidates as (

    select
        stated.tenant_id,
        stated.role,
        versions.account_id,
        row_number() over (
            partition by stated.tenant_id, stated.role
            order by
                case when versions.valid_from <= stated.first_seen_at then 0 else 1 end,
                case when versions.account_status = 'ACTIVE' then 0 else 1 end,
                versions.valid_from,
                versions.account_id
        ) as choice
    from stated
    inner join versions
        on
            stated.tenant_id = versions.tenant_id
            and stated.account_code = versions.account_code
            and stated.first_seen_at < coalesce(versions.valid_to, cast('9999-12-31' as timestamp))
    where stated.choice = 1

),

accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

final as (

    select
        stated.tenant_id,
        stated.role,
        stated.account_code as stated_code,
        stated.tax_type,
        candidates.account_id,
        accounts.account_code,
        accounts.account_name,
        coalesce(accounts.account_code <> stated.account_code, false) as is_former_code
    from stated
    left join candidates
        on
            stated.tenant_id = candidates.tenant_id
            and stated.role = candidates.role
            and candidates.choice = 1
    left join accounts
        on
            candidates.tenant_id = accounts.tenant_id
            and candidates.account_id = accounts.account_id
    where stated.choice = 1

)

select * from final
