{{ config(materialized='table') }}

{#- Unleashed's invoices; one that is completed goes to Xero. -#}
with invoices as (
    select * from {{ ref('stg_unleashed__invoices') }}
    where not is_deleted
),

customers as (
    select * from {{ ref('stg_unleashed__customers') }}
),

-- An invoice names its order by number, and the order alone has the customer's reference.
orders as (
    select
        tenant_id,
        order_number,
        min(customer_reference) as customer_reference
    from {{ ref('stg_unleashed__sales_orders') }}
    where not is_deleted and order_number is not null
    group by tenant_id, order_number
),

final as (
    select
        invoices.tenant_id,
        'unleashed' as source_system,
        'invoice' as document_type,
        invoices.document_id,
        'sales' as side,
        invoices.invoice_number as document_number,
        cast(null as {{ dbt.type_string() }}) as supplier_invoice_number,
        orders.customer_reference as reference,
        cast(null as {{ dbt.type_string() }}) as xero_document_id,
        invoices.invoice_status as source_status,
        coalesce(invoices.invoice_status in {{ unleashed_due_statuses() }}, false) as is_due,
        -- Unleashed does not say what it has sent.
        false as is_sent,
        false as is_skipped,
        invoices.invoice_date as document_date,
        invoices.due_date,
        invoices.customer_id as source_contact_id,
        coalesce(customers.customer_name, invoices.customer_name) as contact_name,
        lower(customers.xero_contact_id) as xero_contact_id,
        cast(null as bigint) as xero_contact_count,
        coalesce(customers.customer_code, invoices.customer_code) as contact_account_number,
        cast(null as {{ dbt.type_string() }}) as project_id,
        cast(null as {{ dbt.type_string() }}) as purchase_method,
        invoices.currency_code,
        invoices.currency_rate,
        'Exclusive' as line_amount_types,
        invoices.sub_total as source_net,
        invoices.tax_total as source_tax,
        invoices.total as source_total,
        invoices.record_updated_at,
        invoices.extracted_at
    from invoices
    left join customers
        on
            invoices.tenant_id = customers.tenant_id
            and invoices.customer_id = customers.customer_id
    left join orders
        on
            invoices.tenant_id = orders.tenant_id
            and invoices.order_number = orders.order_number
)

select * from final
