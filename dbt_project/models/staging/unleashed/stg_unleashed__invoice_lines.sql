{{ config(materialized='view') }}

{{ unleashed_lines(ref('stg_unleashed__invoices'), 'document_id', unleashed_fields()['invoices']['lines'][1][0]) }}
