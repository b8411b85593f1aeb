{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'project_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_workguru', 'projects'), 'project_id', workguru_fields()['projects']) }}
