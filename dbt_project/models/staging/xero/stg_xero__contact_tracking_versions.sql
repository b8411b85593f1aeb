{{ config(materialized='view') }}

with contact_versions as (
    select * from {{ ref('stg_xero__contact_versions') }}
),

sales as (
    select
        *,
        'sales' as side
    from {{ explode_with_position('contact_versions', 'sales_tracking', 'entry') }} as exploded
),

purchases as (
    select
        *,
        'purchases' as side
    from {{ explode_with_position('contact_versions', 'purchases_tracking', 'entry') }} as exploded
),

both_sides as (
    select * from sales
    union all
    select * from purchases
),

renamed as (
    select
        tenant_id,
        contact_id,
        side,
        entry.TrackingCategoryName as tracking_category_name,
        entry.TrackingOptionName as tracking_option_name,
        position,
        valid_from,
        valid_to,
        version_number,
        is_deleted,
        record_updated_at,
        extracted_at
    from both_sides
)

select * from renamed
