{{ config(materialized='table') }}

with categories as (

    select * from {{ ref('stg_xero__tracking_categories') }}

),

category_versions as (

    select * from {{ ref('stg_xero__tracking_category_versions') }}

),

settings as (

    select
        tenant_id,
        analysis_slot,
        nullif(trim(tracking_category_id), '') as tracking_category_id,
        lower(trim(tracking_category_name)) as name_key,
        first_seen_at
    from {{ ref('stg_settings__analysis_slots') }}
    where analysis_slot in (2, 3) and not is_deleted

),

-- All categories of one answer were seen at once: inside the millisecond of the answer only the position differs.
first_sights as (

    select
        tenant_id,
        tracking_category_id,
        {{ dbt.date_trunc('millisecond', 'valid_from') }} as answered_at,
        valid_from as first_seen_at,
        case when category_status = 'ACTIVE' then 0 else 1 end as archived_last
    from category_versions
    where version_number = 1

),

-- A name in the settings means the category that bore it when the row was first seen or, if none did, the
-- first to bear it afterwards; it keeps meaning that one after a rename.
wished as (

    select
        versions.tenant_id,
        settings.analysis_slot,
        versions.tracking_category_id,
        row_number() over (
            partition by versions.tenant_id, settings.analysis_slot
            order by
                case when settings.tenant_id = '*' then 1 else 0 end,
                settings.first_seen_at,
                {{ dbt.date_trunc('millisecond', 'versions.valid_from') }},
                case when versions.category_status = 'ACTIVE' then 0 else 1 end,
                versions.valid_from,
                versions.tracking_category_id
        ) as slot_choice,
        case when settings.tenant_id = '*' then 1 else 0 end as is_for_all_tenants
    from settings
    inner join category_versions as versions
        on
            settings.tenant_id in (versions.tenant_id, '*')
            and (
                settings.tracking_category_id = versions.tracking_category_id
                or (
                    settings.tracking_category_id is null
                    and settings.name_key = lower(trim(versions.tracking_category_name))
                    and settings.first_seen_at < coalesce(versions.valid_to, cast('9999-12-31' as timestamp))
                )
            )

),

decided as (

    select
        tenant_id,
        analysis_slot,
        tracking_category_id
    from (
        select
            tenant_id,
            analysis_slot,
            tracking_category_id,
            row_number() over (
                partition by tenant_id, tracking_category_id
                order by is_for_all_tenants, analysis_slot
            ) as category_choice
        from wished
        where slot_choice = 1
    ) as ranked
    where category_choice = 1

),

-- Where the settings are silent: first come, first served, so that a later category never moves a binding.
waiting as (

    select
        first_sights.tenant_id,
        first_sights.tracking_category_id,
        row_number() over (
            partition by first_sights.tenant_id
            order by
                first_sights.answered_at,
                first_sights.archived_last,
                first_sights.first_seen_at,
                first_sights.tracking_category_id
        ) as place
    from first_sights
    left join decided
        on
            first_sights.tenant_id = decided.tenant_id
            and first_sights.tracking_category_id = decided.tracking_category_id
    where decided.tracking_category_id is null

),

slots as (

    select 2 as analysis_slot
    union all
    select 3 as analysis_slot

),

tenants as (

    select distinct tenant_id from first_sights

),

free_slots as (

    select
        tenants.tenant_id,
        slots.analysis_slot,
        row_number() over (partition by tenants.tenant_id order by slots.analysis_slot) as place
    from tenants
    cross join slots
    left join decided
        on
            tenants.tenant_id = decided.tenant_id
            and slots.analysis_slot = decided.analysis_slot
    where decided.analysis_slot is null

),

bound as (

    select
        tenant_id,
        analysis_slot,
        tracking_category_id,
        'settings' as bound_by
    from decided
    union all
    select
        waiting.tenant_id,
        free_slots.analysis_slot,
        waiting.tracking_category_id,
        'first_sight' as bound_by
    from waiting
    inner join free_slots
        on
            waiting.tenant_id = free_slots.tenant_id
            and waiting.place = free_slots.place

),

final as (

    select
        bound.tenant_id,
        bound.analysis_slot,
        bound.tracking_category_id,
        categories.tracking_category_name,
        bound.bound_by
    from bound
    inner join categories
        on
            bound.tenant_id = categories.tenant_id
            and bound.tracking_category_id = categories.tracking_category_id

)

select * from final
