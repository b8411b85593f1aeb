{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'stock_sale_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_workguru', 'stock_sales'), 'stock_sale_id', workguru_fields()['stock_sales']) }}
