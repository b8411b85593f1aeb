with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'batch_payments')), xero_batch_payment_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as batch_payment_id,
        fields.Type as batch_type,
        fields.Status as batch_status,
        coalesce(fields.DateString, fields.Date) as batch_date,
        fields.Account.AccountID as account_id,
        fields.TotalAmount as total_amount,
        fields.Reference as reference,
        fields.IsReconciled as is_reconciled,
        {{ list_length('fields.Payments') }} as payment_count,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
