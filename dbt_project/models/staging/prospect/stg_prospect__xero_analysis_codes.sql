{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'code_key'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('xero_analysis_codes', 'code_key') }}
