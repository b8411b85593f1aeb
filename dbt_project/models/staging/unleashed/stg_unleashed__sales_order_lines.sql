{{ config(materialized='view') }}

{{ unleashed_lines(ref('stg_unleashed__sales_orders'), 'sales_order_id', unleashed_fields()['sales_orders']['lines'][1][0]) }}
