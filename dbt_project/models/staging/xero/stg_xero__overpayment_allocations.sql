{{ config(materialized='view') }}

{{ xero_allocations(ref('stg_xero__overpayments')) }}
