{# One row per prepayment or overpayment of a raw table: Xero writes them alike, an overpayment without a number. #}
{% macro xero_advances(raw) -%}
with records as (
    {{ typed_records(latest_versions(raw), xero_advance_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as document_id,
        fields.Type as document_type_code,
        fields.Status as document_status,
        coalesce(fields.DateString, fields.Date) as document_date,
        fields.InvoiceNumber as document_number,
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
{%- endmacro %}
