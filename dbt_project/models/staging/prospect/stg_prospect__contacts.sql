{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'contact_id'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('contacts', 'contact_id') }}
