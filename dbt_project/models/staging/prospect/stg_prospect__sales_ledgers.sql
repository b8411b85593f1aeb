{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'ledger_key'],
        on_schema_change='fail',
    )
}}

{{ prospect_records('sales_ledgers', 'ledger_key') }}
