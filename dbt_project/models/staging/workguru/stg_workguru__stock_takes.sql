{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'document_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_workguru', 'stock_takes'), 'document_id', workguru_fields()['stock_takes']) }}
