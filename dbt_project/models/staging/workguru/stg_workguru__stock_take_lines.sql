{{ config(materialized='view') }}

{%- set fields = workguru_fields()['stock_takes'] %}

{{ mapped_lines(ref('stg_workguru__stock_takes'), {'line': 'lines'}, fields['lines'][1][0]) }}
