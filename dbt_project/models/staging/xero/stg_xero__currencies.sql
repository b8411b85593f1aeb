with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'currencies')), xero_currency_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as currency_code,
        fields.Description as currency_name,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
