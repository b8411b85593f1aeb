{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'usage_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_workguru', 'stock_usage'), 'usage_id', workguru_fields()['stock_usage']) }}
