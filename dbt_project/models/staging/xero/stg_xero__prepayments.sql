with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'prepayments')), xero_advance_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as document_id,
        fields.Type as document_type_code,
        fields.InvoiceNumber as document_number,
        fields.Status as document_status,
        coalesce(fields.DateString, fields.Date) as document_date,
        fields.Reference as reference,
        fields.Contact.ContactID as contact_id,
        fields.Contact.Name as contact_name,
        fields.LineAmountTypes as line_amount_types,
        fields.CurrencyCode as currency_code,
        fields.CurrencyRate as currency_rate,
        fields.SubTotal as sub_total,
        fields.TotalTax as total_tax,
        fields.Total as total,
        fields.RemainingCredit as remaining_credit,
        fields.LineItems as line_items,
        fields.Allocations as allocations,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
