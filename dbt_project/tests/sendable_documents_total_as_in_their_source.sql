-- What is sent comes to what the source says, the rounding line included, line by line.
with lines as (

    select
        tenant_id,
        source_system,
        document_type,
        document_id,
        sum(line_amount) as line_amount,
        sum(tax_amount) as tax_amount
    from {{ ref('document_lines') }}
    group by tenant_id, source_system, document_type, document_id

),

documents as (

    select * from {{ ref('documents') }}
    where is_sendable and side <> 'stock' and source_total is not null

),

final as (

    select
        {{ key_of('documents', outgoing_document_key()) }},
        documents.source_total,
        documents.xero_total + documents.rounding_amount as xero_total,
        lines.line_amount + case when documents.line_amount_type = 'Inclusive' then 0 else lines.tax_amount end
            as line_total
    from documents
    left join lines
        on {{ same_key('documents', 'lines', outgoing_document_key()) }}

)

select * from final
where coalesce(xero_total <> source_total, true) or coalesce(line_total <> source_total, true)
