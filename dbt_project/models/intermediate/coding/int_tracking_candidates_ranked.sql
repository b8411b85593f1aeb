{{ config(materialized='table') }}

{#-
    Every tracking option offered for each line, with the one that wins in its category: line, then
    transaction, job, item (if the settings say so), contact. Each category is decided on its own.
    "Explicitly none" is a choice like any other and ends the search. A category that is archived in
    Xero takes no part.
-#}
{%- set line_key = outgoing_line_key() -%}

with lines as (

    select * from {{ ref('int_outgoing_lines_roled') }}
    where role not in ('TEXT', 'ROUNDING', 'CLEARING')

),

choices as (

    select
        choices.*,
        resolved.tracking_category_id,
        resolved.tracking_category_name,
        resolved.category_key,
        resolved.tracking_option_id,
        case when choices.is_explicit_none then 'none' else resolved.tracking_option_name end as tracking_option_name,
        resolved.stated_option_name,
        resolved.is_remapped,
        resolved.is_category_archived,
        resolved.status
    from {{ ref('int_tracking_choices_collected') }} as choices
    inner join {{ ref('int_tracking_values_resolved') }} as resolved
        on
            choices.tenant_id = resolved.tenant_id
            and coalesce(choices.stated_category, '') = coalesce(resolved.stated_category, '')
            and coalesce(choices.stated_option, '') = coalesce(resolved.stated_option, '')

),

{%- set carried = [
    'is_explicit_none', 'tracking_category_id', 'tracking_category_name', 'category_key', 'tracking_option_id',
    'tracking_option_name', 'stated_option_name', 'is_remapped', 'is_category_archived', 'status',
] %}

offered as (

    {% for scope in ['line', 'document'] -%}
    select
        {{ key_of('lines', line_key) }},
        choices.level,
        choices.level_rank,
        {{ key_of('choices', carried) }}
    from lines
    inner join choices
        on
            {{ same_key('lines', 'choices', outgoing_document_key()) }}
            and {{ 'lines.line_id = choices.line_id' if scope == 'line' else 'choices.line_id is null' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A credit note's line takes the tracking of the invoice line that it credits, after its own.
credit_lines as (

    select * from lines
    where document_type = 'credit_note' and side = 'sales' and credited_line_id is not null

),

credited_lines as (

    select distinct
        tenant_id,
        source_system,
        'invoice' as document_type,
        credited_document_id as document_id,
        credited_line_id as line_id
    from credit_lines

),

credited_candidates as (

    select
        offered.*,
        row_number() over (
            partition by {{ key_of('offered', line_key) }}, offered.category_key
            order by offered.level_rank, offered.tracking_option_name, offered.tracking_option_id
        ) as choice
    from offered
    inner join credited_lines
        on {{ same_key('offered', 'credited_lines', line_key) }}
    where not offered.is_category_archived

),

all_candidates as (

    select
        {{ line_key | join(', ') }},
        level,
        level_rank,
        {{ carried | join(', ') }}
    from offered
    union all
    select
        {{ key_of('credit_lines', line_key) }},
        'transaction' as level,
        2 as level_rank,
        {{ key_of('credited', carried) }}
    from credit_lines
    inner join credited_candidates as credited
        on
            credit_lines.tenant_id = credited.tenant_id
            and credit_lines.source_system = credited.source_system
            and credit_lines.credited_document_id = credited.document_id
            and credit_lines.credited_line_id = credited.line_id
            and credited.choice = 1

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ line_key | join(', ') }}, category_key
            order by
                case when is_category_archived then 1 else 0 end,
                level_rank,
                tracking_option_name,
                tracking_option_id
        ) as choice,
        first_value(level) over (
            partition by {{ line_key | join(', ') }}, category_key
            order by
                case when is_category_archived then 1 else 0 end,
                level_rank,
                tracking_option_name,
                tracking_option_id
        ) as winning_level,
        first_value(tracking_option_name) over (
            partition by {{ line_key | join(', ') }}, category_key
            order by
                case when is_category_archived then 1 else 0 end,
                level_rank,
                tracking_option_name,
                tracking_option_id
        ) as winning_option_name,
        min(tracking_option_name) over (
            partition by {{ line_key | join(', ') }}, category_key, level_rank
        ) as first_option_name,
        max(tracking_option_name) over (
            partition by {{ line_key | join(', ') }}, category_key, level_rank
        ) as last_option_name
    from all_candidates

),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

final as (

    select
        {{ key_of('ranked', line_key) }},
        ranked.tracking_category_id,
        ranked.tracking_category_name,
        ranked.category_key,
        slots.analysis_slot,
        ranked.level,
        ranked.level_rank,
        ranked.tracking_option_id,
        ranked.tracking_option_name,
        ranked.stated_option_name,
        ranked.is_explicit_none,
        ranked.is_remapped,
        ranked.is_category_archived,
        ranked.status,
        ranked.choice = 1 and not ranked.is_category_archived as is_winner,
        ranked.winning_level,
        ranked.winning_option_name,
        ranked.first_option_name,
        ranked.last_option_name,
        ranked.first_option_name <> ranked.last_option_name as is_in_conflict
    from ranked
    left join slots
        on
            ranked.tenant_id = slots.tenant_id
            and ranked.tracking_category_id = slots.tracking_category_id

)

select * from final
