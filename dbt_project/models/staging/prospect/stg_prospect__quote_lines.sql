{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'line_id'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('quote_lines', 'line_id') }}
