{{ config(materialized='table') }}

{#-
    The lines of each document as JSON: as they are sent, as the source alone has them, and as Xero holds
    them; what a plan shows of them; and the items that have to be made first. Only what a line states is
    compared with what is held.
-#}
{%- set key = outgoing_document_key() -%}

with prepared as (

    select * from {{ ref('int_push_documents_prepared') }}

),

paired as (

    select * from {{ ref('int_push_document_lines_placed') }}

),

held as (

    select * from {{ ref('int_push_document_lines_held') }}

),

{%- set sent = document_line_sent('paired', id='paired.line_item_id') -%}
{%- set journalled = document_line_sent('paired', in_journal=true) -%}
{%- set of_either = "case when paired.side = 'stock' then " ~ journalled ~ " else " ~ sent ~ " end" %}

sent_lines as (

    select
        {{ key_of('paired', key) }},
        {{ json_list_of_rows(of_either, 'paired.place') }} as lines,
        {{ json_list_of_rows(document_line_sent('paired'), 'paired.place') }} as content_lines,
        {{ json_list_of_rows(json_string('paired.line_id'), 'paired.place') }} as line_ids,
        {{ json_list_of_rows(document_line_stated('paired'), 'paired.place') }} as lines_stated
    from paired
    group by {{ key_of('paired', key) }}

),

needed_items as (

    select distinct
        {{ key | join(', ') }},
        needed_item
    from paired
    where needed_item is not null

),

needed as (

    select
        {{ key | join(', ') }},
        {{ json_list_of_rows(json_string("'xero__items/' || needed_item"), 'needed_item') }} as needed_items
    from needed_items
    group by {{ key | join(', ') }}

),

held_lines as (

    select
        held.tenant_id,
        held.record_key,
        {{
            json_list_of_rows(
                "case when held.is_in_journal then " ~ document_line_held('held', 'paired', in_journal=true)
                ~ " else " ~ document_line_held('held', 'paired') ~ " end",
                'held.line_number',
            )
        }} as held_lines
    from held
    left join paired
        on
            held.tenant_id = paired.tenant_id
            and held.record_key = paired.record_key
            and held.line_number = paired.held_number
    group by held.tenant_id, held.record_key

),

final as (

    select
        {{ key_of('prepared', key) }},
        sent_lines.lines,
        sent_lines.content_lines,
        sent_lines.line_ids,
        sent_lines.lines_stated,
        coalesce(needed.needed_items, '[]') as needed_items,
        held_lines.held_lines
    from prepared
    left join sent_lines
        on {{ same_key('prepared', 'sent_lines', key) }}
    left join needed
        on {{ same_key('prepared', 'needed', key) }}
    left join held_lines
        on
            prepared.tenant_id = held_lines.tenant_id
            and prepared.record_key = held_lines.record_key

)

select * from final
