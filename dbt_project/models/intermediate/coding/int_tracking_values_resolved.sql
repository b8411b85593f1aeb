{{ config(materialized='table') }}

{#-
    What each stated category and option is in Xero: by id, else by its name today, else by a name it
    once had. An archived option that the settings map to another becomes that one.
-#}
with stated as (

    select
        tenant_id,
        stated_category,
        stated_option
    from {{ ref('int_tracking_choices_collected') }}
    group by tenant_id, stated_category, stated_option

),

categories as (

    select
        *,
        category_status = 'ACTIVE' and not is_deleted as is_active
    from {{ ref('stg_xero__tracking_categories') }}

),

options as (

    select
        *,
        option_status = 'ACTIVE' and not is_deleted as is_active
    from {{ ref('stg_xero__tracking_options') }}

),

category_keys as (

    select
        tenant_id,
        tracking_category_id,
        tracking_category_id as name_key,
        0 as place
    from categories
    union all
    select
        tenant_id,
        tracking_category_id,
        lower(trim(tracking_category_name)) as name_key,
        case when is_active then 1 else 2 end as place
    from categories
    union all
    select
        tenant_id,
        tracking_category_id,
        lower(trim(tracking_category_name)) as name_key,
        3 as place
    from {{ ref('stg_xero__tracking_category_versions') }}

),

chosen_categories as (

    select
        *,
        row_number() over (
            partition by tenant_id, name_key order by place, tracking_category_id
        ) as choice
    from category_keys

),

option_keys as (

    select
        tenant_id,
        tracking_category_id,
        tracking_option_id,
        tracking_option_id as name_key,
        0 as place
    from options
    union all
    select
        tenant_id,
        tracking_category_id,
        tracking_option_id,
        lower(trim(tracking_option_name)) as name_key,
        case when is_active then 1 else 2 end as place
    from options
    union all
    select
        tenant_id,
        tracking_category_id,
        tracking_option_id,
        lower(trim(tracking_option_name)) as name_key,
        3 as place
    from {{ ref('stg_xero__tracking_option_versions') }}

),

chosen_options as (

    select
        *,
        row_number() over (
            partition by tenant_id, tracking_category_id, name_key order by place, tracking_option_id
        ) as choice
    from option_keys

),

-- An id is unique over all categories, so that it needs none beside it.
matched as (

    select
        stated.tenant_id,
        stated.stated_category,
        stated.stated_option,
        coalesce(chosen_categories.tracking_category_id, by_id.tracking_category_id) as tracking_category_id,
        case
            when stated.stated_category is null then by_id.tracking_option_id
            else chosen_options.tracking_option_id
        end as stated_option_id
    from stated
    left join chosen_categories
        on
            stated.tenant_id = chosen_categories.tenant_id
            and lower(stated.stated_category) = chosen_categories.name_key
            and chosen_categories.choice = 1
    left join options as by_id
        on
            stated.tenant_id = by_id.tenant_id
            and case when stated.stated_category is null then lower(stated.stated_option) end
            = by_id.tracking_option_id
    left join chosen_options
        on
            stated.tenant_id = chosen_options.tenant_id
            and chosen_categories.tracking_category_id = chosen_options.tracking_category_id
            and lower(stated.stated_option) = chosen_options.name_key
            and chosen_options.choice = 1

),

remaps as (

    select
        options.tenant_id,
        options.tracking_option_id,
        substitutes.tracking_option_id as use_option_id,
        substitutes.tracking_option_name as use_option_name,
        row_number() over (
            partition by options.tenant_id, options.tracking_option_id
            order by case when remap.tenant_id = '*' then 1 else 0 end, remap.first_seen_at
        ) as choice
    from {{ ref('stg_settings__tracking_remap') }} as remap
    inner join options
        on
            remap.tenant_id in (options.tenant_id, '*')
            and lower(trim(remap.tracking_option_id)) = options.tracking_option_id
    inner join options as substitutes
        on
            options.tenant_id = substitutes.tenant_id
            and options.tracking_category_id = substitutes.tracking_category_id
            and lower(trim(remap.use_option_id)) = substitutes.tracking_option_id
    where not remap.is_deleted and not options.is_active and substitutes.is_active

),

final as (

    select
        matched.tenant_id,
        matched.stated_category,
        matched.stated_option,
        matched.tracking_category_id,
        coalesce(categories.tracking_category_name, matched.stated_category) as tracking_category_name,
        coalesce(matched.tracking_category_id, lower(matched.stated_category), '') as category_key,
        coalesce(remaps.use_option_id, options.tracking_option_id) as tracking_option_id,
        coalesce(remaps.use_option_name, options.tracking_option_name, matched.stated_option) as tracking_option_name,
        coalesce(options.tracking_option_name, matched.stated_option) as stated_option_name,
        remaps.use_option_id is not null as is_remapped,
        coalesce(not categories.is_active, false) as is_category_archived,
        case
            when matched.stated_option is null and categories.tracking_category_id is not null then 'ok'
            when options.tracking_option_id is null then 'unknown'
            when options.is_active or remaps.use_option_id is not null then 'ok'
            else 'archived'
        end as status
    from matched
    left join categories
        on
            matched.tenant_id = categories.tenant_id
            and matched.tracking_category_id = categories.tracking_category_id
    left join options
        on
            matched.tenant_id = options.tenant_id
            and matched.tracking_category_id = options.tracking_category_id
            and matched.stated_option_id = options.tracking_option_id
    left join remaps
        on
            options.tenant_id = remaps.tenant_id
            and options.tracking_option_id = remaps.tracking_option_id
            and remaps.choice = 1

)

select * from final
