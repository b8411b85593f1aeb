{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'transaction_id'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('sales_transactions', 'transaction_id') }}
