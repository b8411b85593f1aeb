{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'customer_id'],
        on_schema_change='fail',
    )
}}

{{ mapped_records(source('raw_unleashed', 'customers'), 'customer_id', unleashed_fields()['customers']) }}
