{#- How values are written in other systems: target_codes.csv, an organisation's row before that of all. -#}
with stated as (

    select
        organisations.tenant_id,
        lower(trim(codes.target)) as target,
        trim(codes.field) as field,
        trim(codes.value) as value,
        trim(codes.write_as) as write_as,
        row_number() over (
            partition by
                organisations.tenant_id, lower(trim(codes.target)), trim(codes.field), trim(codes.value)
            order by case when codes.tenant_id = '*' then 1 else 0 end
        ) as choice
    from {{ ref('int_organisation_limits_read') }} as organisations
    inner join {{ ref('stg_settings__target_codes') }} as codes
        on codes.tenant_id in (organisations.tenant_id, '*')
    where not codes.is_deleted

),

final as (

    select
        tenant_id,
        target,
        field,
        value,
        write_as
    from stated
    where choice = 1

)

select * from final
