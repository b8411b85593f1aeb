with records as (
    {{
        typed_records(
            all_versions(source('raw_xero', 'tracking_categories')),
            xero_tracking_category_shape(),
            also=['valid_from', 'valid_to', 'version_number'],
        )
    }}
),

renamed as (
    select
        tenant_id,
        record_id as tracking_category_id,
        fields.Name as tracking_category_name,
        fields.Status as category_status,
        {{ list_length('fields.Options') }} as option_count,
        fields.Options as options,
        valid_from,
        valid_to,
        version_number,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
