-- A posted sales document's lines, tax included, add up to its total. Xero computes that total, so that a
-- difference is for a person to look at and stops no build.
{{ config(severity='warn') }}

select
    lines.tenant_id,
    lines.document_id,
    documents.document_label,
    sum(lines.gross_amount) as of_lines,
    max(case when documents.is_credit then -documents.total else documents.total end) as of_document
from {{ ref('sales_transaction_lines') }} as lines
inner join {{ ref('int_documents_unified') }} as documents
    on
        lines.tenant_id = documents.tenant_id
        and lines.document_id = documents.document_id
where lines.is_posted
group by lines.tenant_id, lines.document_id, documents.document_label
having sum(lines.gross_amount) <> max(case when documents.is_credit then -documents.total else documents.total end)
