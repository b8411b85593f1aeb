{{ config(materialized='view') }}

{%- set fields = workguru_fields()['invoices'] %}

{{ mapped_lines(ref('stg_workguru__invoices'), {
    'task': 'task_lines',
    'product': 'product_lines',
    'purchase': 'purchase_lines',
    'other': 'other_lines',
}, fields['product_lines'][1][0]) }}
