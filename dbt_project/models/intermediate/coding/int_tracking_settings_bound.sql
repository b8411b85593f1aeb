{#-
    What the settings say of tracking categories and options: hidden or not (relevance), asked for or
    not on a type of document (mandatory). A name means what bore it when the row was first read or, if
    nothing did, the first that did afterwards, and keeps meaning it after a rename in Xero.
-#}
with stated as (

    select
        tenant_id,
        record_id,
        'relevance' as setting,
        cast(null as {{ dbt.type_string() }}) as document_type,
        lower(trim(tracking_category_id)) as category_id,
        lower(trim(tracking_category_name)) as category_key,
        lower(trim(tracking_option_id)) as option_id,
        lower(trim(tracking_option_name)) as option_key,
        is_relevant as is_set,
        first_seen_at
    from {{ ref('stg_settings__tracking_relevance') }}
    where not is_deleted
    union all
    select
        tenant_id,
        record_id,
        'mandatory' as setting,
        document_type,
        lower(trim(tracking_category_id)) as category_id,
        lower(trim(tracking_category_name)) as category_key,
        cast(null as {{ dbt.type_string() }}) as option_id,
        cast(null as {{ dbt.type_string() }}) as option_key,
        is_mandatory as is_set,
        first_seen_at
    from {{ ref('stg_settings__tracking_mandatory') }}
    where not is_deleted

),

categories as (

    select
        versions.tenant_id,
        stated.tenant_id as stated_tenant_id,
        stated.setting,
        stated.record_id,
        stated.document_type,
        stated.option_id,
        stated.option_key,
        stated.is_set,
        stated.first_seen_at,
        versions.tracking_category_id,
        row_number() over (
            partition by versions.tenant_id, stated.tenant_id, stated.setting, stated.record_id
            order by
                case when versions.valid_from <= stated.first_seen_at then 0 else 1 end,
                case when versions.category_status = 'ACTIVE' then 0 else 1 end,
                versions.valid_from,
                versions.tracking_category_id
        ) as choice
    from stated
    inner join {{ ref('stg_xero__tracking_category_versions') }} as versions
        on
            stated.tenant_id in (versions.tenant_id, '*')
            and (
                stated.category_id = versions.tracking_category_id
                or (
                    stated.category_id is null
                    and stated.category_key = lower(trim(versions.tracking_category_name))
                    and stated.first_seen_at < coalesce(versions.valid_to, cast('9999-12-31' as timestamp))
                )
            )

),

options as (

    select
        categories.*,
        versions.tracking_option_id,
        row_number() over (
            partition by
                categories.tenant_id, categories.stated_tenant_id, categories.setting, categories.record_id
            order by
                case when versions.valid_from <= categories.first_seen_at then 0 else 1 end,
                case when versions.option_status = 'ACTIVE' then 0 else 1 end,
                versions.valid_from,
                versions.tracking_option_id
        ) as option_choice
    from categories
    left join {{ ref('stg_xero__tracking_option_versions') }} as versions
        on
            categories.tenant_id = versions.tenant_id
            and categories.tracking_category_id = versions.tracking_category_id
            and (
                categories.option_id = versions.tracking_option_id
                or (
                    categories.option_id is null
                    and categories.option_key = lower(trim(versions.tracking_option_name))
                    and categories.first_seen_at < coalesce(versions.valid_to, cast('9999-12-31' as timestamp))
                )
            )
    where categories.choice = 1

),

-- A row that names an option that does not exist says nothing; it must not speak for its whole category.
final as (

    select
        tenant_id,
        setting,
        document_type,
        tracking_category_id,
        tracking_option_id,
        is_set
    from (
        select
            *,
            row_number() over (
                partition by tenant_id, setting, document_type, tracking_category_id, tracking_option_id
                order by case when stated_tenant_id = '*' then 1 else 0 end asc, first_seen_at desc, record_id asc
            ) as setting_choice
        from options
        where
            option_choice = 1
            and (tracking_option_id is not null or (option_id is null and option_key is null))
    ) as ranked
    where setting_choice = 1

)

select * from final
