{{ config(materialized='table') }}

{#-
    Each option with whether it is offered: in use in Xero, in a category in use, and not hidden by the
    settings. Hidden is not archived: a hidden option that a record already has is still sent.
-#}
with settings as (

    select * from {{ ref('int_tracking_settings_bound') }}
    where setting = 'relevance'

),

categories as (

    select * from {{ ref('stg_xero__tracking_categories') }}

),

options as (

    select * from {{ ref('stg_xero__tracking_options') }}

),

-- What is said of an option goes before what is said of its category.
final as (

    select
        options.tenant_id,
        options.tracking_category_id,
        options.tracking_option_id,
        categories.tracking_category_name,
        options.tracking_option_name,
        categories.category_status = 'ACTIVE' and not categories.is_deleted as is_category_active,
        options.option_status = 'ACTIVE' and not options.is_deleted as is_option_active,
        coalesce(of_option.is_set, of_category.is_set, true) as is_relevant,
        categories.category_status = 'ACTIVE' and not categories.is_deleted
        and options.option_status = 'ACTIVE' and not options.is_deleted
        and coalesce(of_option.is_set, of_category.is_set, true) as is_offered
    from options
    inner join categories
        on
            options.tenant_id = categories.tenant_id
            and options.tracking_category_id = categories.tracking_category_id
    left join settings as of_option
        on
            options.tenant_id = of_option.tenant_id
            and options.tracking_category_id = of_option.tracking_category_id
            and options.tracking_option_id = of_option.tracking_option_id
    left join settings as of_category
        on
            options.tenant_id = of_category.tenant_id
            and options.tracking_category_id = of_category.tracking_category_id
            and of_category.tracking_option_id is null

)

select * from final
