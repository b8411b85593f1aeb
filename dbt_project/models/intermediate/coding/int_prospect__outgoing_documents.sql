{{ config(materialized='table') }}

{#-
    Prospect's quotes: a confirmed one becomes a draft sales invoice in Xero. Amounts are in the currency
    of the quote; one without a currency is in that of the organisation.
-#}
with quotes as (
    select * from {{ ref('stg_prospect__quotes') }}
    where not is_deleted
),

divisions as (
    select * from {{ ref('stg_prospect__divisions') }}
),

customers as (
    select * from {{ ref('int_prospect__customers_matched') }}
),

orders as (
    select
        tenant_id,
        quote_id,
        min(order_number) as order_number
    from {{ ref('stg_prospect__sales_order_headers') }}
    where not is_deleted and quote_id is not null
    group by tenant_id, quote_id
),

priced as (
    select
        quotes.*,
        coalesce(quotes.sales_ledger_id, divisions.sales_ledger_id) as ledger_id,
        organisations.base_currency,
        coalesce(quotes.currency_code != organisations.base_currency, false) as is_foreign
    from quotes
    left join divisions
        on
            quotes.tenant_id = divisions.tenant_id
            and quotes.division_id = divisions.division_id
    left join {{ ref('stg_xero__organisations') }} as organisations
        on quotes.tenant_id = organisations.tenant_id
),

final as (
    select
        priced.tenant_id,
        'prospect' as source_system,
        'invoice' as document_type,
        priced.quote_id as document_id,
        'sales' as side,
        -- People know a confirmed quote by its order's number.
        coalesce(orders.order_number, 'Q' || priced.quote_id) as document_number,
        cast(null as {{ dbt.type_string() }}) as supplier_invoice_number,
        priced.customer_reference as reference,
        cast(null as {{ dbt.type_string() }}) as xero_document_id,
        priced.status_id as source_status,
        coalesce(priced.status_id in {{ prospect_due_statuses() }}, false) as is_due,
        -- Assumed: the id that accounting gave the order comes back into AccountsId.
        priced.accounts_id is not null as is_sent,
        false as is_skipped,
        coalesce(priced.order_date, priced.quote_date) as document_date,
        cast(null as date) as due_date,
        priced.ledger_id as source_contact_id,
        customers.ledger_name as contact_name,
        customers.contact_id as xero_contact_id,
        case when customers.match_method = 'external_id' then customers.candidate_count end as xero_contact_count,
        customers.customer_code as contact_account_number,
        priced.project_code as project_id,
        cast(null as {{ dbt.type_string() }}) as purchase_method,
        coalesce(priced.currency_code, priced.base_currency) as currency_code,
        case when priced.is_foreign then priced.currency_rate else cast(1 as decimal(18, 6)) end as currency_rate,
        'Exclusive' as line_amount_types,
        {%- for ours, theirs in {'net': 'net', 'tax': 'tax', 'total': 'gross'}.items() %}
        case when priced.is_foreign then priced.foreign_{{ theirs }} else priced.home_{{ theirs }} end
            as source_{{ ours }},
        {%- endfor %}
        priced.record_updated_at,
        priced.extracted_at
    from priced
    left join orders
        on
            priced.tenant_id = orders.tenant_id
            and priced.quote_id = orders.quote_id
    left join customers
        on
            priced.tenant_id = customers.tenant_id
            and priced.operating_company = customers.operating_company
            and priced.ledger_id = customers.sales_ledger_id
)

select * from final
