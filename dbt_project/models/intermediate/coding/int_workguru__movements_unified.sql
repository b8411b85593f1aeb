{{ config(materialized='table') }}

{#-
    Stock that left for a project, a production job or a customer, or came back: what the month's
    journal of cost of goods sold is made of. Goods received on a project's purchase order never enter
    stock and are in none of these.
-#}

with movements as (
    select
        tenant_id,
        'usage-' || usage_id as movement_id,
        case when quantity < 0 or reversed_usage_id is not null then 'return' end as movement_type,
        usage_id as document_id,
        moved_at,
        product_id,
        item_code,
        quantity,
        unit_cost,
        project_id,
        reporting_categories,
        source_status in {{ workguru_due_statuses('stock_usage') }} as is_due
    from {{ ref('stg_workguru__stock_usage') }}
    where not is_deleted
    union all
    select
        tenant_id,
        'dispatch-' || coalesce(dispatch_id, stock_sale_id || '-at-' || {{ number_in_text('place') }}) as movement_id,
        case when quantity < 0 then 'return' else 'sale_dispatch' end as movement_type,
        stock_sale_id as document_id,
        moved_at,
        product_id,
        item_code,
        quantity,
        unit_cost,
        project_id,
        coalesce(reporting_categories, sale_reporting_categories) as reporting_categories,
        source_status in {{ workguru_due_statuses('stock_sales') }} as is_due
    from {{ ref('stg_workguru__stock_sale_dispatches') }}
    where not is_deleted
    union all
    -- What a client sends back is stock again, at the cost at which it left.
    select
        lines.tenant_id,
        'credit-' || lines.document_id || '-' || lines.line_id as movement_id,
        'return' as movement_type,
        'client-' || lines.document_id as document_id,
        coalesce(lines.returned_at, cast(notes.document_date as timestamp)) as moved_at,
        lines.product_id,
        lines.item_code,
        -lines.quantity as quantity,
        lines.unit_cost,
        notes.project_id,
        coalesce(lines.reporting_categories, notes.reporting_categories) as reporting_categories,
        notes.source_status in {{ workguru_due_statuses('client_credit_notes') }} as is_due
    from {{ ref('stg_workguru__client_credit_note_lines') }} as lines
    inner join {{ ref('stg_workguru__client_credit_notes') }} as notes
        on
            lines.tenant_id = notes.tenant_id
            and lines.document_id = notes.document_id
    where lines.is_returned and lines.product_id is not null and not notes.is_deleted
),

final as (
    select
        movements.tenant_id,
        'workguru' as source_system,
        movements.movement_id,
        case
            when movements.movement_type is not null then movements.movement_type
            when production_jobs.production_job_id is not null then 'production'
            else 'usage'
        end as movement_type,
        movements.document_id,
        movements.moved_at,
        movements.product_id as source_item_id,
        coalesce(movements.item_code, products.item_code) as item_code,
        cast(movements.quantity as decimal(18, 4)) as quantity,
        movements.unit_cost,
        movements.project_id,
        products.expense_account_code as account_code,
        coalesce(movements.is_due, false) as is_due,
        movements.reporting_categories
    from movements
    left join {{ ref('stg_workguru__products') }} as products
        on
            movements.tenant_id = products.tenant_id
            and movements.product_id = products.product_id
    left join {{ ref('stg_workguru__production_jobs') }} as production_jobs
        on
            movements.tenant_id = production_jobs.tenant_id
            and movements.project_id = production_jobs.production_job_id
    where coalesce(products.stock_tracking_type, '') != 'NonStock'
)

select * from final
