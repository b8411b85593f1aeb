-- The debits and credits of every stock journal are equal.
select
    tenant_id,
    source_system,
    document_type,
    document_id,
    sum(line_amount) as out_by
from {{ ref('int_stock_journal_lines') }}
group by tenant_id, source_system, document_type, document_id
having sum(line_amount) <> 0
