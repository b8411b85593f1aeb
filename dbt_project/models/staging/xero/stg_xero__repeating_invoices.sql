with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'repeating_invoices')), xero_repeating_invoice_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as document_id,
        fields.Type as document_type_code,
        fields.Status as document_status,
        fields.Reference as reference,
        fields.Contact.ContactID as contact_id,
        fields.Contact.Name as contact_name,
        fields.Schedule.Period as schedule_period,
        fields.Schedule.Unit as schedule_unit,
        fields.Schedule.StartDate as start_date,
        fields.Schedule.NextScheduledDate as next_scheduled_date,
        fields.Schedule.EndDate as end_date,
        fields.LineAmountTypes as line_amount_types,
        fields.CurrencyCode as currency_code,
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
