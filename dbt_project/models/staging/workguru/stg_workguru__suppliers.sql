{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'supplier_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_workguru', 'suppliers'), 'supplier_id', workguru_fields()['suppliers']) }}
