{{ config(materialized='view') }}

{{ xero_report_rows(ref('stg_xero__balance_sheets'), {
    'amount': 2
}) }}
