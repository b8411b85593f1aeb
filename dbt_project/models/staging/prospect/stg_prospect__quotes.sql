{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'quote_id'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('quotes', 'quote_id') }}
