{#- A line of a document that was sent keeps the coding that it was sent with, while it is the same to the ledger. -#}
{%- set line_key = outgoing_line_key() -%}
{%- set stated = [
    'line_number', 'side', 'role', 'line_kind', 'item_id', 'item_code', 'description', 'quantity', 'unit_amount',
    'discount_rate', 'discount_amount', 'line_amount', 'tax_amount',
] -%}

with lines as (

    select * from {{ ref('int_outgoing_lines_coded') }}

),

sent as (

    select {{ key_of('kept', line_key + ['role'] + coding_columns() + ['snapshot_id']) }}
    from {{ ref('int_coding_decisions_kept') }} as kept
    inner join {{ ref('int_outgoing_documents') }} as documents
        on {{ same_key('kept', 'documents', outgoing_document_key()) }}
    where documents.is_sent

),

final as (

    select
        {{ key_of('lines', line_key + stated) }},
        {% for column in coding_columns() + ['snapshot_id'] -%}
        case when sent.line_id is null then lines.{{ column }} else sent.{{ column }} end as {{ column }},
        {% endfor -%}
        lines.is_blocked
    from lines
    left join sent
        on
            {{ same_key('lines', 'sent', line_key + ['role']) }}

)

select * from final
