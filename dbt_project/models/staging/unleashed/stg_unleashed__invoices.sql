{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'document_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_unleashed', 'invoices'), 'document_id', unleashed_fields()['invoices']) }}
