{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'order_key'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('sales_order_headers', 'order_key') }}
