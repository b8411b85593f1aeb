{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'payment_id'],
        on_schema_change='fail',
    )
}}

with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'payments')), xero_payment_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as payment_id,
        fields.PaymentType as payment_type,
        fields.Status as payment_status,
        fields.Date as payment_date,
        fields.Amount as amount,
        fields.BankAmount as bank_amount,
        coalesce(
            fields.Invoice.CurrencyCode, fields.Prepayment.CurrencyCode, fields.Overpayment.CurrencyCode
        ) as currency_code,
        fields.CurrencyRate as currency_rate,
        fields.Account.AccountID as account_id,
        coalesce(
            fields.Invoice.InvoiceID,
            fields.CreditNote.CreditNoteID,
            fields.Prepayment.PrepaymentID,
            fields.Overpayment.OverpaymentID
        ) as settled_document_id,
        coalesce(
            fields.Invoice.InvoiceNumber, fields.InvoiceNumber, fields.CreditNoteNumber
        ) as settled_document_number,
        coalesce(
            fields.Invoice.Contact.ContactID,
            fields.CreditNote.Contact.ContactID,
            fields.Prepayment.Contact.ContactID,
            fields.Overpayment.Contact.ContactID
        ) as contact_id,
        coalesce(fields.BatchPaymentID, fields.BatchPayment.BatchPaymentID) as batch_payment_id,
        fields.Reference as reference,
        fields.IsReconciled as is_reconciled,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
