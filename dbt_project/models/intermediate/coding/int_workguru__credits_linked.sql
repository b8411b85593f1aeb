{#-
    Each credit note line with the line it credits. WorkGuru's line ids are unique within a kind of
    line only, and a credit note names the id alone: the line with the same product is meant, else the
    first of that id.
-#}
with credit_lines as (
    select
        lines.tenant_id,
        'sales' as side,
        'client-' || lines.document_id as document_id,
        lines.line_id,
        'invoice' as credited_document_type,
        notes.credited_document_id,
        lines.credited_line_id,
        lines.product_id,
        lines.is_returned
    from {{ ref('stg_workguru__client_credit_note_lines') }} as lines
    inner join {{ ref('stg_workguru__client_credit_notes') }} as notes
        on
            lines.tenant_id = notes.tenant_id
            and lines.document_id = notes.document_id
    union all
    select
        lines.tenant_id,
        'purchases' as side,
        'supplier-' || lines.document_id as document_id,
        lines.line_id,
        'purchase' as credited_document_type,
        notes.credited_document_id,
        lines.credited_line_id,
        lines.product_id,
        lines.is_returned
    from {{ ref('stg_workguru__supplier_credit_note_lines') }} as lines
    inner join {{ ref('stg_workguru__supplier_credit_notes') }} as notes
        on
            lines.tenant_id = notes.tenant_id
            and lines.document_id = notes.document_id
),

creditable_lines as (
    select
        tenant_id,
        'invoice' as document_type,
        document_id,
        line_id,
        line_number,
        source_line_id,
        product_id
    from {{ ref('stg_workguru__invoice_lines') }}
    union all
    select
        tenant_id,
        'purchase' as document_type,
        document_id,
        line_id,
        line_number,
        source_line_id,
        product_id
    from {{ ref('stg_workguru__purchase_order_lines') }}
),

matched as (
    select
        credit_lines.*,
        creditable_lines.line_id as matched_line_id,
        row_number() over (
            partition by credit_lines.tenant_id, credit_lines.document_id, credit_lines.line_id
            order by
                case when credit_lines.product_id = creditable_lines.product_id then 0 else 1 end,
                creditable_lines.line_number
        ) as preference
    from credit_lines
    left join creditable_lines
        on
            credit_lines.credited_document_type = creditable_lines.document_type
            and credit_lines.tenant_id = creditable_lines.tenant_id
            and credit_lines.credited_document_id = creditable_lines.document_id
            and credit_lines.credited_line_id = creditable_lines.source_line_id
),

final as (
    select
        tenant_id,
        document_id,
        line_id,
        side,
        credited_document_type,
        credited_document_id,
        matched_line_id as credited_line_id,
        side = 'purchases' and coalesce(is_returned, false) as goes_back_to_supplier
    from matched
    where preference = 1
)

select * from final
