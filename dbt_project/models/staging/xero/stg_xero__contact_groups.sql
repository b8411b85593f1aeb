with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'contact_groups')), xero_contact_group_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as contact_group_id,
        fields.Name as contact_group_name,
        fields.Status as contact_group_status,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
