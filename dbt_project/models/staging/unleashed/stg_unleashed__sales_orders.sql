{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'sales_order_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_unleashed', 'sales_orders'), 'sales_order_id', unleashed_fields()['sales_orders']) }}
