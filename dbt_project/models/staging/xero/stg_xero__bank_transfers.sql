with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'bank_transfers')), xero_bank_transfer_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as bank_transfer_id,
        fields.Status as transfer_status,
        coalesce(fields.DateString, fields.Date) as transfer_date,
        fields.Amount as amount,
        fields.CurrencyRate as currency_rate,
        fields.FromBankAccount.AccountID as from_account_id,
        fields.ToBankAccount.AccountID as to_account_id,
        fields.FromBankTransactionID as from_bank_transaction_id,
        fields.ToBankTransactionID as to_bank_transaction_id,
        fields.Reference as reference,
        fields.CreatedDateUTC as created_at,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
