{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'product_key'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('product_items', 'product_key') }}
