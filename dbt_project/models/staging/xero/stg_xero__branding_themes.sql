with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'branding_themes')), xero_branding_theme_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as branding_theme_id,
        fields.Name as branding_theme_name,
        fields.SortOrder as sort_order,
        fields.CreatedDateUTC as created_at,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
