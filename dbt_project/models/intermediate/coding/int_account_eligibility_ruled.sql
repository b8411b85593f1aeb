{#-
    Which accounts suit which role by class and type: account_eligibility.csv where it speaks of the
    role (the organisation's rows before those of all), else the documented default. One row per
    organisation and rule.
-#}
with organisations as (

    select * from {{ ref('stg_xero__organisations') }}
    where not is_deleted

),

stated as (

    select
        organisations.tenant_id,
        upper(trim(eligibility.role)) as role,
        coalesce(upper(trim(eligibility.account_class)), '') as account_class,
        coalesce(upper(trim(eligibility.account_type)), '') as account_type,
        coalesce(eligibility.needs_payments_enabled, false) as needs_payments_enabled,
        coalesce(eligibility.is_allowed, true) as is_allowed,
        case when eligibility.tenant_id = '*' then 1 else 0 end as is_for_all_tenants
    from organisations
    inner join {{ ref('stg_settings__account_eligibility') }} as eligibility
        on eligibility.tenant_id in (organisations.tenant_id, '*')
    where not eligibility.is_deleted

),

spoken_of as (

    select
        tenant_id,
        role,
        min(is_for_all_tenants) as is_for_all_tenants
    from stated
    group by tenant_id, role

),

defaults as (

    {% for role, account_class, account_type, needs_payments in account_eligibility_defaults() -%}
    select
        '{{ role }}' as role,
        '{{ account_class }}' as account_class,
        '{{ account_type }}' as account_type,
        {{ needs_payments | lower }} as needs_payments_enabled
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ruled as (

    select
        stated.tenant_id,
        stated.role,
        stated.account_class,
        stated.account_type,
        stated.needs_payments_enabled,
        stated.is_allowed
    from stated
    inner join spoken_of
        on
            stated.tenant_id = spoken_of.tenant_id
            and stated.role = spoken_of.role
            and stated.is_for_all_tenants = spoken_of.is_for_all_tenants
    union all
    select
        organisations.tenant_id,
        defaults.role,
        defaults.account_class,
        defaults.account_type,
        defaults.needs_payments_enabled,
        true as is_allowed
    from organisations
    cross join defaults
    left join spoken_of
        on
            organisations.tenant_id = spoken_of.tenant_id
            and defaults.role = spoken_of.role
    where spoken_of.role is null

),

-- What a role asks for, in words: "REVENUE", "type CURRENT", "EXPENSE of type DIRECTCOSTS".
worded as (

    select
        *,
        case
            when account_class <> '' and account_type <> '' then account_class || ' of type ' || account_type
            when account_type <> '' then 'type ' || account_type
            when account_class <> '' then account_class
            else 'any account'
        end as words,
        row_number() over (
            partition by tenant_id, role order by case when is_allowed then 0 else 1 end, account_class, account_type
        ) as place
    from ruled

),

wanted as (

    select
        tenant_id,
        role,
        max(case when place = 1 and is_allowed then words end)
        || coalesce(' or ' || max(case when place = 2 and is_allowed then words end), '')
        || case when sum(case when is_allowed then 1 else 0 end) > 2 then ' or another allowed kind' else '' end as wanted
    from worded
    group by tenant_id, role

),

final as (

    select
        ruled.tenant_id,
        ruled.role,
        nullif(ruled.account_class, '') as account_class,
        nullif(ruled.account_type, '') as account_type,
        ruled.needs_payments_enabled,
        ruled.is_allowed,
        wanted.wanted
    from ruled
    inner join wanted
        on
            ruled.tenant_id = wanted.tenant_id
            and ruled.role = wanted.role

)

select * from final
