{{ config(materialized='view') }}

{%- set fields = workguru_fields()['supplier_credit_notes'] %}

{{ mapped_lines(ref('stg_workguru__supplier_credit_notes'), {'line': 'lines'}, fields['lines'][1][0]) }}
