{{ config(materialized='view') }}

{%- set fields = workguru_fields()['stock_adjustments'] %}

{{ mapped_lines(ref('stg_workguru__stock_adjustments'), {'line': 'lines'}, fields['lines'][1][0]) }}
