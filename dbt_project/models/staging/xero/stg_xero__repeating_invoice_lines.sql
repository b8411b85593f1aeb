{{ config(materialized='view') }}

{{ xero_document_lines(ref('stg_xero__repeating_invoices')) }}
