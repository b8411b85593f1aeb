{#
    One row per allocation to an invoice of each credit note, prepayment or overpayment in `documents`:
    Xero writes the three alike. A view over staging, so that the payload is parsed once.
-#}
{% macro xero_allocations(documents) -%}
with exploded as (
    select *
    from
        {{ explode_with_position(documents, 'allocations', 'allocation', 'allocation_number') }}
            as elements
),

renamed as (
    select
        tenant_id,
        document_id,
        coalesce(nullif(allocation.AllocationID, ''), document_id || '-' || {{ number_in_text('allocation_number') }}) as allocation_id,
        allocation_number,
        allocation.Invoice.InvoiceID as invoice_id,
        allocation.Invoice.InvoiceNumber as invoice_number,
        allocation.Date as allocation_date,
        allocation.Amount as amount,
        coalesce(allocation.IsDeleted, false) as is_removed,
        is_deleted,
        record_updated_at,
        extracted_at
    from exploded
)

select * from renamed
{%- endmacro %}
