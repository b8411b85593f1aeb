{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'document_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_workguru', 'client_credit_notes'), 'document_id', workguru_fields()['client_credit_notes']) }}
