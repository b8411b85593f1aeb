with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'quotes')), xero_quote_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as document_id,
        fields.QuoteNumber as document_number,
        fields.Status as document_status,
        coalesce(fields.DateString, fields.Date) as document_date,
        coalesce(fields.ExpiryDateString, fields.ExpiryDate) as expiry_date,
        fields.Title as title,
        fields.Reference as reference,
        fields.Contact.ContactID as contact_id,
        fields.Contact.Name as contact_name,
        fields.LineAmountTypes as line_amount_types,
        fields.CurrencyCode as currency_code,
        fields.CurrencyRate as currency_rate,
        fields.SubTotal as sub_total,
        fields.TotalTax as total_tax,
        fields.Total as total,
        fields.LineItems as line_items,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
