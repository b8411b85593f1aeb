{#-
    What may be written where, per organisation: its own row of push_policy.csv before that of all.
    What no row says is off, and has no row here.
-#}
with organisations as (

    select * from {{ ref('stg_xero__organisations') }}
    where not is_deleted

),

stated as (

    select
        organisations.tenant_id,
        lower(trim(policies.target)) as target,
        lower(trim(policies.entity)) as entity,
        lower(trim(policies.operation)) as operation,
        policies.mode,
        row_number() over (
            partition by
                organisations.tenant_id,
                lower(trim(policies.target)),
                lower(trim(policies.entity)),
                lower(trim(policies.operation))
            order by case when policies.tenant_id = '*' then 1 else 0 end
        ) as choice
    from organisations
    inner join {{ ref('stg_settings__push_policy') }} as policies
        on policies.tenant_id in (organisations.tenant_id, '*')
    where not policies.is_deleted

),

final as (

    select
        tenant_id,
        target,
        entity,
        operation,
        mode
    from stated
    where choice = 1 and mode in ('manual', 'auto')

)

select * from final
