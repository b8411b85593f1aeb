{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'invoice_key'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('sales_invoice_headers', 'invoice_key') }}
