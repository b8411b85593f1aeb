{#-
    The customers and suppliers that are written to Xero, each contact by one of them alone: two systems
    that describe the same contact would take turns in renaming it. Of several new ones with one name,
    which Xero would refuse, the first is written.
-#}
with resolved as (

    select * from {{ ref('int_push_contacts_resolved') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by tenant_id, coalesce(contact_id, record_key)
            order by case when state = 'existing' then 0 else 1 end, system_rank, record_key
        ) as claim,
        row_number() over (
            partition by tenant_id, state, lower(contact_name)
            order by system_rank, record_key
        ) as name_claim,
        first_value(source_system) over (
            partition by tenant_id, state, lower(contact_name)
            order by system_rank, record_key
        ) as first_system
    from resolved
    -- A customer that is out of use is not created, and nothing of it is sent.
    where is_active

),

final as (

    select
        *,
        state = 'new' and contact_name is not null and name_claim > 1 as is_name_twice
    from ranked
    where claim = 1

)

select * from final
