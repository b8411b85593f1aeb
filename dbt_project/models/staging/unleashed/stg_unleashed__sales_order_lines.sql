{{ config(materialized='view') }}

{%- set line_fields = unleashed_fields()['sales_orders']['lines'][1][0] %}

{{ unleashed_lines(ref('stg_unleashed__sales_orders'), 'sales_order_id', line_fields) }}
