{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'task_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_workguru', 'tasks'), 'task_id', workguru_fields()['tasks']) }}
