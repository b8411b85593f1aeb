-- Debits and credits of every document, payment, allocation, transfer and journal are equal.
select
    tenant_id,
    source_type,
    source_id,
    sum(net_amount_base) as out_by
from {{ ref('ledger_lines') }}
group by tenant_id, source_type, source_id
having sum(net_amount_base) <> 0
