{#-
    What the systems other than Xero sent and could not be typed: one line per staging model of records.
    record_type is what a finding calls the record, with its system, since ids of two systems may be alike.
-#}
{%- set models = {
    'workguru': [
        ('client', 'client_id', 'clients'),
        ('supplier', 'supplier_id', 'suppliers'),
        ('product', 'product_id', 'products'),
        ('task', 'task_id', 'tasks'),
        ('project', 'project_id', 'projects'),
        ('production_job', 'production_job_id', 'production_jobs'),
        ('quote', 'document_id', 'quotes'),
        ('invoice', 'document_id', 'invoices'),
        ('client_credit_note', 'document_id', 'client_credit_notes'),
        ('supplier_credit_note', 'document_id', 'supplier_credit_notes'),
        ('purchase_order', 'document_id', 'purchase_orders'),
        ('stock_usage', 'usage_id', 'stock_usage'),
        ('stock_sale', 'stock_sale_id', 'stock_sales'),
        ('stock_adjustment', 'document_id', 'stock_adjustments'),
        ('stock_take', 'document_id', 'stock_takes'),
    ],
    'prospect': [
        ('company', 'company_id', 'companies'),
        ('division', 'division_id', 'divisions'),
        ('contact', 'contact_id', 'contacts'),
        ('sales_ledger', 'ledger_key', 'sales_ledgers'),
        ('sales_ledger_extra', 'ledger_key', 'sales_ledger_xtras'),
        ('product', 'product_key', 'product_items'),
        ('quote', 'quote_id', 'quotes'),
        ('quote_extra', 'quote_id', 'quote_xtras'),
        ('quote_line', 'line_id', 'quote_lines'),
        ('quote_line_extra', 'line_id', 'quote_line_xtras'),
        ('sales_order', 'order_key', 'sales_order_headers'),
        ('sales_invoice', 'invoice_key', 'sales_invoice_headers'),
        ('sales_transaction', 'transaction_id', 'sales_transactions'),
        ('analysis_code', 'code_key', 'xero_analysis_codes'),
    ],
    'unleashed': [
        ('customer', 'customer_id', 'customers'),
        ('product', 'product_id', 'products'),
        ('sales_order', 'sales_order_id', 'sales_orders'),
        ('invoice', 'document_id', 'invoices'),
    ],
} -%}

with records as (

    {% for system, of_system in models.items() -%}
    {%- set is_last_system = loop.last -%}
    {%- for record_type, id, model in of_system -%}
    select
        tenant_id,
        '{{ system }}' as system,
        '{{ system }}_{{ record_type }}' as record_type,
        {{ id }} as record_id,
        typing_failures,
        extracted_at
    from {{ ref('stg_' ~ system ~ '__' ~ model) }}
    where typing_failures is not null and not is_deleted
    {{ 'union all' if not (is_last_system and loop.last) }}
    {% endfor -%}
    {%- endfor %}
),

final as (

    select
        tenant_id,
        system,
        record_type,
        record_id,
        failure.field,
        failure.raw_value,
        extracted_at
    from {{ explode_with_position('records', 'typing_failures', 'failure') }} as exploded

)

select * from final
