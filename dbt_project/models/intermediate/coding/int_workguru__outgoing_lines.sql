{{ config(materialized='table') }}

{#- What a line is; how it is coded is decided elsewhere, for all systems alike. -#}
{%- set orders = ref('stg_workguru__purchase_orders') -%}

with landed_cost_orders as (
    select
        tenant_id,
        document_id,
        stock_order.purchase_order_id
    from {{ explode_with_position(orders, 'landed_cost_orders', 'stock_order', 'place') }} as exploded
    where is_landed_costs_order and not is_deleted
),

attributed as (
    select distinct
        landed_cost_orders.tenant_id,
        landed_cost_orders.document_id
    from landed_cost_orders
    inner join {{ ref('stg_workguru__purchase_orders') }} as orders
        on
            landed_cost_orders.tenant_id = orders.tenant_id
            and landed_cost_orders.purchase_order_id = orders.document_id
    where orders.project_id is null and not orders.is_deleted
),

lines as (
    select
        lines.*,
        documents.purchase_method,
        attributed.document_id is not null as is_attributed_to_stock_order
    from {{ ref('int_workguru__lines_unified') }} as lines
    inner join {{ ref('int_workguru__outgoing_documents') }} as documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_type = documents.document_type
            and lines.document_id = documents.document_id
    left join attributed
        on
            lines.tenant_id = attributed.tenant_id
            and case lines.document_type when 'purchase' then lines.document_id end = attributed.document_id
),

final as (
    select
        lines.tenant_id,
        lines.source_system,
        lines.document_type,
        lines.document_id,
        lines.line_id,
        lines.line_number,
        lines.line_kind,
        coalesce(lines.product_id, lines.task_id) as source_item_id,
        lines.item_code,
        lines.description,
        lines.quantity,
        lines.unit_amount,
        lines.discount_rate,
        lines.discount_amount,
        lines.line_amount as source_line_amount,
        lines.tax_amount as source_tax_amount,
        lines.stock_tracking_type,
        lines.is_attributed_to_stock_order,
        coalesce(credits.goes_back_to_supplier, false) as goes_back_to_supplier,
        case
            when credited.line_id is null or credits.side = 'sales' then null
            when credited.is_attributed_to_stock_order then 'landed_cost'
            when credited.purchase_method = 'project' then 'expense'
            when credited.line_kind = 'landed_cost' then 'landed_cost'
            when credited.stock_tracking_type = 'NonStock' then 'expense'
            when credited.stock_tracking_type in ('FIFO', 'Serial', 'Batch') then 'inventory'
        end as purchase_line_role,
        credits.credited_document_id,
        credits.credited_line_id
    from lines
    left join {{ ref('int_workguru__credits_linked') }} as credits
        on
            lines.tenant_id = credits.tenant_id
            and lines.document_id = credits.document_id
            and case lines.document_type when 'credit_note' then lines.line_id end = credits.line_id
    left join lines as credited
        on
            credits.credited_document_type = credited.document_type
            and credits.tenant_id = credited.tenant_id
            and credits.credited_document_id = credited.document_id
            and credits.credited_line_id = credited.line_id
)

select * from final
