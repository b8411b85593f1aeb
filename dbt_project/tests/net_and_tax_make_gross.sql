-- On every line, net + tax = gross.
select
    tenant_id,
    document_id,
    line_id,
    net_amount,
    tax_amount,
    gross_amount
from {{ ref('sales_transaction_lines') }}
where net_amount + tax_amount <> gross_amount
