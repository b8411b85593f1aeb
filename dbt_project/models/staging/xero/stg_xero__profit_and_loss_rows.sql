{{ config(materialized='view') }}

{{ xero_report_rows(ref('stg_xero__profit_and_loss_statements'), {
    'amount': 2
}) }}
