{{ config(materialized='table') }}

{#-
    How each line was coded that we sent, with the snapshot of the configuration that it was coded with:
    what was sent, whatever accounts, options and tax rates become later. The push ledger wrote it down
    with what it sent, and is in the raw log, so that it can be rebuilt like all else. Of a document that
    somebody else sent nothing is known. Journals of cost of goods sold have a life of their own.
-#}
{%- set shape = {'lines': [{'line_id': 'string', 'role': 'string', 'coding': coding_shape()}]} -%}

with sent as (

    select
        tenant_id,
        {{ dbt.split_part('record_key', "':'", 1) }} as source_system,
        {{ dbt.split_part('record_key', "':'", 2) }} as document_type,
        record_key,
        {{ struct_field(parse_text('facts', shape), 'lines') }} as lines
    from {{ ref('int_push_records_sent') }}
    where
        target = 'xero'
        and entity in ('invoices', 'bills', 'credit_notes', 'manual_journals')
        and is_confirmed
        and not is_undone
        and operation <> 'delete'

),

lines as (

    select * from {{ explode_with_position('sent', 'lines', 'line') }} as exploded

),

final as (

    select
        tenant_id,
        source_system,
        document_type,
        substr(record_key, length(source_system) + length(document_type) + 3) as document_id,
        {% for column in coding_columns() + ['snapshot_id'] -%}
        line.coding.{{ column }} as {{ column }},
        {% endfor -%}
        line.role as role,
        line.line_id as line_id
    from lines
    where document_type <> 'cogs'

)

select * from final
