{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'client_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_workguru', 'clients'), 'client_id', workguru_fields()['clients']) }}
