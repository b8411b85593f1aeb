{{ config(materialized='view') }}

{%- set fields = workguru_fields()['purchase_orders'] %}

{{ mapped_lines(ref('stg_workguru__purchase_orders'), {'product': 'product_lines', 'landed_cost': 'landed_cost_lines'}, fields['product_lines'][1][0]) }}
