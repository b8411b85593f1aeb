{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'company_id'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('companies', 'company_id') }}
