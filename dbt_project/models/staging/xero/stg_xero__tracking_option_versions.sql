-- Xero gives options inside their category, so an option's history is read off the category's. A
-- version begins where the name, the status or the presence changes; an option that its category no
-- longer lists, or whose category vanished, goes on as deleted under its last name.

with category_versions as (
    -- A version whose options could not be read says nothing about them.
    select
        tenant_id,
        tracking_category_id,
        options,
        is_deleted,
        record_updated_at,
        extracted_at
    from {{ ref('stg_xero__tracking_category_versions') }}
    where options is not null
),

listed_options as (
    select
        tenant_id,
        tracking_category_id,
        option.TrackingOptionID as tracking_option_id,
        option.Name as tracking_option_name,
        option.Status as option_status,
        option_position,
        is_deleted,
        record_updated_at,
        extracted_at
    from {{ explode_with_position('category_versions', 'options', 'option', 'option_position') }} as exploded
    where option.TrackingOptionID is not null
),

known_options as (
    select
        tenant_id,
        tracking_category_id,
        tracking_option_id,
        min(extracted_at) as first_listed_at
    from listed_options
    group by tenant_id, tracking_category_id, tracking_option_id
),

-- Every option at every version of its category since it was first listed.
option_states as (
    select
        known.tenant_id,
        known.tracking_category_id,
        known.tracking_option_id,
        listed.tracking_option_name,
        listed.option_status,
        listed.option_position,
        listed.tracking_option_id is null or category.is_deleted as is_deleted,
        category.record_updated_at,
        category.extracted_at
    from known_options as known
    inner join category_versions as category
        on
            known.tenant_id = category.tenant_id
            and known.tracking_category_id = category.tracking_category_id
            and known.first_listed_at <= category.extracted_at
    left join listed_options as listed
        on
            known.tenant_id = listed.tenant_id
            and known.tracking_category_id = listed.tracking_category_id
            and known.tracking_option_id = listed.tracking_option_id
            and category.extracted_at = listed.extracted_at
),

-- The last state that was listed, for the versions that no longer list the option.
last_listed as (
    select
        *,
        max(case when option_position is not null then extracted_at end) over (
            partition by tenant_id, tracking_category_id, tracking_option_id
            order by extracted_at
            rows between unbounded preceding and current row
        ) as listed_at
    from option_states
),

filled as (
    select
        state.tenant_id,
        state.tracking_option_id,
        state.tracking_category_id,
        listed.tracking_option_name,
        listed.option_status,
        listed.option_position,
        state.is_deleted,
        state.record_updated_at,
        state.extracted_at,
        lag(listed.tracking_option_name) over option_history as former_name,
        lag(listed.option_status) over option_history as former_status,
        lag(state.is_deleted) over option_history as was_deleted
    from last_listed as state
    inner join listed_options as listed
        on
            state.tenant_id = listed.tenant_id
            and state.tracking_category_id = listed.tracking_category_id
            and state.tracking_option_id = listed.tracking_option_id
            and state.listed_at = listed.extracted_at
    window option_history as (
        partition by state.tenant_id, state.tracking_category_id, state.tracking_option_id
        order by state.extracted_at
    )
),

changes as (
    select *
    from filled
    where
        was_deleted is null
        or was_deleted != is_deleted
        or former_name is distinct from tracking_option_name
        or former_status is distinct from option_status
),

versions as (
    select
        tenant_id,
        tracking_option_id,
        tracking_category_id,
        tracking_option_name,
        option_status,
        option_position,
        extracted_at as valid_from,
        lead(extracted_at) over (
            partition by tenant_id, tracking_category_id, tracking_option_id order by extracted_at
        ) as valid_to,
        row_number() over (
            partition by tenant_id, tracking_category_id, tracking_option_id order by extracted_at
        ) as version_number,
        is_deleted,
        record_updated_at,
        extracted_at
    from changes
)

select * from versions
