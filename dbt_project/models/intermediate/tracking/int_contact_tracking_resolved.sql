{{ config(materialized='table') }}

with entries as (

    select * from {{ ref('stg_xero__contact_tracking_versions') }}

),

contact_versions as (

    select * from {{ ref('stg_xero__contact_versions') }}

),

category_versions as (

    select
        *,
        lower(trim(tracking_category_name)) as name_key
    from {{ ref('stg_xero__tracking_category_versions') }}

),

option_versions as (

    select
        *,
        lower(trim(tracking_option_name)) as name_key
    from {{ ref('stg_xero__tracking_option_versions') }}

),

-- Xero gives names only. They mean what they meant when the contact was read; failing that, what they mean
-- now; failing that, what they ever meant. This is the one place where names are joined, and the choice
-- below leaves one candidate per entry.
candidates as (

    select
        entries.tenant_id,
        entries.contact_id,
        entries.side,
        entries.version_number,
        entries.position,
        entries.tracking_category_name as stated_category_name,
        entries.tracking_option_name as stated_option_name,
        category_versions.tracking_category_id,
        option_versions.tracking_option_id,
        row_number() over (
            partition by
                entries.tenant_id, entries.contact_id, entries.side, entries.version_number, entries.position
            order by
                case when option_versions.tracking_option_id is null then 1 else 0 end,
                {% for versions in ['category_versions', 'option_versions'] %}
                case
                    when
                        {{ versions }}.valid_from <= entries.valid_from
                        and (
                            {{ versions }}.valid_to is null
                            or {{ versions }}.valid_to > entries.valid_from
                        ) then 0
                    when {{ versions }}.valid_to is null then 1
                    else 2
                end,
                {% endfor %}
                case when category_versions.category_status = 'ACTIVE' then 0 else 1 end,
                case when option_versions.option_status = 'ACTIVE' then 0 else 1 end,
                category_versions.valid_from desc,
                option_versions.valid_from desc,
                category_versions.tracking_category_id,
                option_versions.tracking_option_id
        ) as choice
    from entries
    left join category_versions
        on
            entries.tenant_id = category_versions.tenant_id
            and lower(trim(entries.tracking_category_name)) = category_versions.name_key
    left join option_versions
        on
            category_versions.tenant_id = option_versions.tenant_id
            and category_versions.tracking_category_id = option_versions.tracking_category_id
            and lower(trim(entries.tracking_option_name)) = option_versions.name_key

),

latest_versions as (

    select
        tenant_id,
        contact_id,
        max(version_number) as version_number
    from contact_versions
    group by tenant_id, contact_id

),

-- A category named twice on one side counts once: the first entry.
numbered as (

    select
        candidates.tenant_id,
        candidates.contact_id,
        candidates.side,
        candidates.version_number,
        candidates.position,
        candidates.stated_category_name,
        candidates.stated_option_name,
        candidates.tracking_category_id,
        candidates.tracking_option_id,
        candidates.version_number = latest_versions.version_number as is_latest,
        row_number() over (
            partition by
                candidates.tenant_id,
                candidates.contact_id,
                candidates.side,
                candidates.version_number,
                candidates.tracking_category_id
            order by candidates.position
        ) as occurrence
    from candidates
    inner join latest_versions
        on
            candidates.tenant_id = latest_versions.tenant_id
            and candidates.contact_id = latest_versions.contact_id
    where candidates.choice = 1

),

final as (

    select
        tenant_id,
        contact_id,
        side,
        version_number,
        position,
        stated_category_name,
        stated_option_name,
        tracking_category_id,
        tracking_option_id,
        is_latest
    from numbered
    where tracking_category_id is null or occurrence = 1

)

select * from final
