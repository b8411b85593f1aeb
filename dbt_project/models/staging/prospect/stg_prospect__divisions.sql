{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'division_id'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('divisions', 'division_id') }}
