{{ config(materialized='view') }}

{%- set line_fields = unleashed_fields()['invoices']['lines'][1][0] %}

{{ unleashed_lines(ref('stg_unleashed__invoices'), 'document_id', line_fields) }}
