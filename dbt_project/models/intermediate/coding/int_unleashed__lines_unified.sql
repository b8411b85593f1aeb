{{ config(materialized='table') }}

{#-
    The lines of Unleashed's invoices. Codes were seen on the lines of sales orders, not of invoices: a
    line takes those of its order's line with the same number and product, where it has none itself.
-#}
with invoices as (
    select * from {{ ref('stg_unleashed__invoices') }}
    where not is_deleted
),

order_lines as (
    select
        tenant_id,
        order_number,
        line_number,
        product_id,
        min(account_code) as account_code,
        min(tax_code) as tax_code,
        min(xero_tax_type) as xero_tax_type
    from {{ ref('stg_unleashed__sales_order_lines') }}
    where not is_deleted
    group by tenant_id, order_number, line_number, product_id
),

products as (
    select * from {{ ref('stg_unleashed__products') }}
),

final as (
    select
        lines.tenant_id,
        lines.document_id,
        lines.line_id,
        lines.line_number,
        case
            when lines.product_id is not null then 'product'
            when coalesce(lines.line_amount, 0) = 0 and coalesce(lines.unit_amount, 0) = 0 then 'text'
            -- A charge has no product; freight is what it is used for.
            else 'delivery'
        end as line_kind,
        lines.product_id,
        lines.item_code,
        coalesce(lines.product_description, lines.comments) as description,
        lines.quantity,
        lines.unit_amount,
        -- Assumed: 0.1 is 10 %.
        cast(lines.discount_fraction * cast(100 as decimal(9, 0)) as decimal(18, 6)) as discount_rate,
        lines.line_amount,
        lines.tax_amount,
        coalesce(lines.account_code, order_lines.account_code) as line_account_code,
        products.sales_account_code as item_account_code,
        coalesce(lines.xero_tax_type, order_lines.xero_tax_type) as line_xero_tax_type,
        coalesce(lines.tax_code, order_lines.tax_code) as line_tax_code,
        products.sales_tax_type as item_xero_tax_type,
        case
            when products.product_id is null then null
            when products.is_never_diminishing then 'NonStock'
            when products.is_serialized then 'Serial'
            when products.is_batch_tracked then 'Batch'
            else 'FIFO'
        end as stock_tracking_type
    from {{ ref('stg_unleashed__invoice_lines') }} as lines
    inner join invoices
        on
            lines.tenant_id = invoices.tenant_id
            and lines.document_id = invoices.document_id
    left join order_lines
        on
            lines.tenant_id = order_lines.tenant_id
            and lines.order_number = order_lines.order_number
            and lines.line_number = order_lines.line_number
            and coalesce(lines.product_id, '') = coalesce(order_lines.product_id, '')
    left join products
        on
            lines.tenant_id = products.tenant_id
            and lines.product_id = products.product_id
)

select * from final
