{{ config(materialized='view') }}

{{ xero_report_rows(ref('stg_xero__trial_balances'), {
    'debit': 2,
    'credit': 3,
    'ytd_debit': 4,
    'ytd_credit': 5
}) }}
