{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=outgoing_line_key(),
        on_schema_change='append_new_columns',
        full_refresh=false,
    )
}}

{#-
    The latest coding of each line from before its document was sent, with the snapshot of the
    configuration that it was made with: what was sent, whatever accounts, options and tax rates become
    later. It cannot be worked out again, so that no refresh empties it. The first that is known of a
    document that was sent before it was ever read is what it was coded to then. Journals of cost of
    goods sold have a life of their own.
-#}
{%- set line_key = outgoing_line_key() -%}

with lines as (

    select * from {{ ref('int_outgoing_lines_coded') }}
    where document_type <> 'cogs'

),

documents as (

    select * from {{ ref('int_outgoing_documents') }}

),

final as (

    select {{ key_of('lines', line_key + ['role'] + coding_columns() + ['snapshot_id']) }}
    from lines
    inner join documents
        on {{ same_key('lines', 'documents', outgoing_document_key()) }}
    {%- if is_incremental() %}
    left join {{ this }} as kept
        on {{ same_key('lines', 'kept', line_key) }}
    where not documents.is_sent or kept.line_id is null
    {%- endif %}

)

select * from final
