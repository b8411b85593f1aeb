{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'product_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_unleashed', 'products'), 'product_id', unleashed_fields()['products']) }}
