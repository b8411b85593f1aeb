{{ config(materialized='table') }}

{#- Every line of every outgoing document with what WorkGuru says of its item, in one shape. -#}
{%- set sold = [
    ('invoice', 'invoice_lines', ''),
    ('credit_note', 'client_credit_note_lines', 'client-'),
] -%}
{%- set text = dbt.type_string() -%}

with lines as (
    {%- for document_type, model, prefix in sold %}
    select
        tenant_id,
        '{{ document_type }}' as document_type,
        '{{ prefix }}' || document_id as document_id,
        line_id,
        line_number,
        'sales' as item_side,
        case
            when lower(line_type) in ('delivery', 'discount', 'rounding', 'payment', 'text') then lower(line_type)
            when quantity is null and unit_amount is null and line_amount is null then 'text'
            {%- if document_type == 'invoice' %}
            when list_kind = 'purchase' then 'billable_purchase'
            when list_kind in ('task', 'product') then list_kind
            {%- endif %}
            when product_id is not null then 'product'
            when task_id is not null then 'task'
            else 'other'
        end as line_kind,
        product_id,
        task_id,
        item_code,
        coalesce(description, line_name) as description,
        quantity,
        unit_amount,
        discount_rate,
        discount_amount,
        line_amount,
        tax_amount,
        tax_code,
        xero_tax_type,
        account_code,
        cast(null as {{ text }}) as item_account_code,
        reporting_categories
    from {{ ref('stg_workguru__' ~ model) }}
    where not is_deleted
    union all
    {%- endfor %}
    select
        tenant_id,
        'credit_note' as document_type,
        'supplier-' || document_id as document_id,
        line_id,
        line_number,
        'cost' as item_side,
        case
            when quantity is null and unit_amount is null and line_amount is null then 'text'
            when product_id is not null then 'product'
            else 'other'
        end as line_kind,
        product_id,
        cast(null as {{ text }}) as task_id,
        item_code,
        coalesce(description, line_name) as description,
        quantity,
        unit_amount,
        discount_rate,
        discount_amount,
        line_amount,
        tax_amount,
        tax_code,
        xero_tax_type,
        account_code,
        cast(null as {{ text }}) as item_account_code,
        reporting_categories
    from {{ ref('stg_workguru__supplier_credit_note_lines') }}
    where not is_deleted
    union all
    select
        tenant_id,
        'purchase' as document_type,
        document_id,
        line_id,
        line_number,
        'cost' as item_side,
        case
            when quantity is null and unit_amount is null and line_amount is null then 'text'
            when list_kind = 'landed_cost' then 'landed_cost'
            when product_id is not null then 'product'
            else 'other'
        end as line_kind,
        product_id,
        cast(null as {{ text }}) as task_id,
        item_code,
        coalesce(description, line_name) as description,
        quantity,
        coalesce(unit_amount, ordered_unit_amount) as unit_amount,
        discount_rate,
        discount_amount,
        line_amount,
        tax_amount,
        tax_code,
        xero_tax_type,
        account_code,
        expense_account_code as item_account_code,
        reporting_categories
    from {{ ref('stg_workguru__purchase_order_lines') }}
    where not is_deleted
    {%- for document_type, model in [('adjustment', 'stock_adjustment_lines'), ('stock_take', 'stock_take_lines')] %}
    union all
    select
        tenant_id,
        '{{ document_type }}' as document_type,
        document_id,
        line_id,
        line_number,
        cast(null as {{ text }}) as item_side,
        'product' as line_kind,
        product_id,
        cast(null as {{ text }}) as task_id,
        item_code,
        description,
        quantity,
        unit_cost as unit_amount,
        cast(null as decimal(18, 6)) as discount_rate,
        cast(null as decimal(18, 4)) as discount_amount,
        cast(null as decimal(18, 4)) as line_amount,
        cast(null as decimal(18, 4)) as tax_amount,
        cast(null as {{ text }}) as tax_code,
        cast(null as {{ text }}) as xero_tax_type,
        cast(null as {{ text }}) as account_code,
        cast(null as {{ text }}) as item_account_code,
        reporting_categories
    from {{ ref('stg_workguru__' ~ model) }}
    where not is_deleted
    {%- endfor %}
),

final as (
    select
        lines.tenant_id,
        'workguru' as source_system,
        lines.document_type,
        lines.document_id,
        lines.line_id,
        lines.line_number,
        lines.item_side,
        lines.line_kind,
        lines.product_id,
        lines.task_id,
        coalesce(lines.item_code, products.item_code) as item_code,
        coalesce(lines.description, products.product_name) as description,
        lines.quantity,
        lines.unit_amount,
        lines.discount_rate,
        lines.discount_amount,
        lines.line_amount,
        lines.tax_amount,
        products.stock_tracking_type,
        lines.tax_code,
        lines.xero_tax_type,
        lines.account_code,
        case lines.item_side
            when 'sales' then coalesce(products.sales_account_code, tasks.sales_account_code)
            when 'cost' then coalesce(lines.item_account_code, products.expense_account_code)
        end as item_account_code,
        case lines.item_side
            when 'sales' then coalesce(products.sell_tax_code, tasks.sell_tax_code)
            when 'cost' then products.purchase_tax_code
        end as item_tax_code,
        lines.reporting_categories
    from lines
    left join {{ ref('stg_workguru__products') }} as products
        on
            lines.tenant_id = products.tenant_id
            and lines.product_id = products.product_id
    left join {{ ref('stg_workguru__tasks') }} as tasks
        on
            lines.tenant_id = tasks.tenant_id
            and lines.task_id = tasks.task_id
)

select * from final
