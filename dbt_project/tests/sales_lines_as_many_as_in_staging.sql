-- No join multiplies or loses a line: as many lines of each sales document as staging holds.
with staged as (

    select
        lines.tenant_id,
        lines.document_id,
        count(*) as line_count
    from {{ ref('stg_xero__invoice_lines') }} as lines
    inner join {{ ref('stg_xero__invoices') }} as invoices
        on
            lines.tenant_id = invoices.tenant_id
            and lines.document_id = invoices.document_id
    where invoices.document_type_code = 'ACCREC'
    group by lines.tenant_id, lines.document_id
    union all
    select
        lines.tenant_id,
        lines.document_id,
        count(*) as line_count
    from {{ ref('stg_xero__credit_note_lines') }} as lines
    inner join {{ ref('stg_xero__credit_notes') }} as credit_notes
        on
            lines.tenant_id = credit_notes.tenant_id
            and lines.document_id = credit_notes.document_id
    where credit_notes.document_type_code = 'ACCRECCREDIT'
    group by lines.tenant_id, lines.document_id

),

shown as (

    select
        tenant_id,
        document_id,
        count(*) as line_count
    from {{ ref('sales_transaction_lines') }}
    group by tenant_id, document_id

)

select
    coalesce(staged.tenant_id, shown.tenant_id) as tenant_id,
    coalesce(staged.document_id, shown.document_id) as document_id,
    staged.line_count as staged_lines,
    shown.line_count as shown_lines
from staged
full outer join shown
    on
        staged.tenant_id = shown.tenant_id
        and staged.document_id = shown.document_id
where coalesce(staged.line_count, 0) <> coalesce(shown.line_count, 0)
