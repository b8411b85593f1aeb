{{ config(materialized='view') }}

{%- set fields = workguru_fields()['client_credit_notes'] %}

{{ mapped_lines(ref('stg_workguru__client_credit_notes'), {'line': 'lines'}, fields['lines'][1][0]) }}
