{#-
    How many tracking categories each source would use in an organisation: those in use in Xero and
    those it supplies itself, archived ones left out. Xero allows two.
-#}
with systems as (

    select
        tenant_id,
        source_system
    from {{ ref('int_coding_policies_set') }}

),

used as (

    select
        systems.tenant_id,
        systems.source_system,
        categories.tracking_category_id as category_key
    from systems
    inner join {{ ref('stg_xero__tracking_categories') }} as categories
        on systems.tenant_id = categories.tenant_id
    where categories.category_status = 'ACTIVE' and not categories.is_deleted
    union all
    select
        choices.tenant_id,
        choices.source_system,
        resolved.category_key
    from {{ ref('int_tracking_choices_collected') }} as choices
    inner join {{ ref('int_tracking_values_resolved') }} as resolved
        on
            choices.tenant_id = resolved.tenant_id
            and coalesce(choices.stated_category, '') = coalesce(resolved.stated_category, '')
            and coalesce(choices.stated_option, '') = coalesce(resolved.stated_option, '')
    where not resolved.is_category_archived and resolved.category_key <> ''

),

final as (

    select
        tenant_id,
        source_system,
        cast(count(distinct category_key) as bigint) as category_count
    from used
    group by tenant_id, source_system

)

select * from final
