{#-
    How each tracking option that is a customer's default is written in Prospect's short code fields,
    20 characters wide: as target_codes.csv says, else by its name if that fits. What does not fit, or
    would be the same code as another option, has no code.
-#}
{%- set width = 20 -%}
with contact_tracking as (

    select * from {{ ref('contact_tracking') }}
    where side = 'sales' and analysis_slot in (2, 3) and option_status = 'ACTIVE'

),

codes as (

    select * from {{ ref('int_push_target_codes_set') }}
    where target = 'prospect'

),

used as (

    select distinct
        tenant_id,
        analysis_slot,
        'UserAnalysisCode' || cast(analysis_slot - 1 as {{ dbt.type_string() }}) as field,
        tracking_option_name as value
    from contact_tracking

),

written as (

    select
        used.*,
        coalesce(codes.write_as, used.value) as code
    from used
    left join codes
        on
            used.tenant_id = codes.tenant_id
            and used.field = codes.field
            and used.value = codes.value

),

final as (

    select
        written.tenant_id,
        written.analysis_slot,
        written.field,
        written.value,
        written.code,
        length(written.code) > {{ width }} as is_too_long,
        min(others.value) as collides_with
    from written
    left join written as others
        on
            written.tenant_id = others.tenant_id
            and written.field = others.field
            and lower(written.code) = lower(others.code)
            and written.value <> others.value
    group by written.tenant_id, written.analysis_slot, written.field, written.value, written.code

)

select * from final
