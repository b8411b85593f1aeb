{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'document_id'],
        on_schema_change='fail',
    )
}}

with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'bank_transactions')), xero_bank_transaction_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as document_id,
        fields.Type as document_type_code,
        fields.Status as document_status,
        coalesce(fields.DateString, fields.Date) as document_date,
        fields.Reference as reference,
        fields.Contact.ContactID as contact_id,
        fields.Contact.Name as contact_name,
        fields.BankAccount.AccountID as bank_account_id,
        fields.LineAmountTypes as line_amount_types,
        fields.CurrencyCode as currency_code,
        fields.CurrencyRate as currency_rate,
        fields.SubTotal as sub_total,
        fields.TotalTax as total_tax,
        fields.Total as total,
        fields.IsReconciled as is_reconciled,
        fields.PrepaymentID as prepayment_id,
        fields.OverpaymentID as overpayment_id,
        fields.Url as url,
        fields.LineItems as line_items,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
