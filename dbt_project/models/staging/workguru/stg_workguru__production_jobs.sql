{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'production_job_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_workguru', 'production_jobs'), 'production_job_id', workguru_fields()['production_jobs']) }}
