with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'balance_sheet_reports')), xero_report_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as report_id,
        {{ calendar_date("right(record_id, 10)") }} as month_end,
        fields.Rows as report_rows,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
