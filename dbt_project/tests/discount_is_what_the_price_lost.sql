-- Quantity times price, less the discount, is the line's amount in the document's own tax basis, to the cent.
-- Xero computes the amount, so that a difference is for a person to look at and stops no build.
{{ config(severity='warn') }}

select
    tenant_id,
    document_id,
    line_id,
    discount_amount
from {{ ref('sales_transaction_lines') }}
where
    discount_amount <> 0
    and abs(
        round(cast(quantity as {{ wide_decimal(4) }}) * cast(unit_amount as {{ wide_decimal(4) }}), 2) - discount_amount
        - case when upper(line_amount_type) = 'INCLUSIVE' then gross_amount else net_amount end
    ) > 0.01
