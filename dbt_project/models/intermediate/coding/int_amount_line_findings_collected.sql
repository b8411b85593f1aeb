{#- What is wrong with a line's quantity, price or item. -#}
{%- set line_key = outgoing_line_key() -%}

with amounts as (

    select * from {{ ref('int_line_amounts_computed') }}

),

totals as (

    select * from {{ ref('int_document_totals_compared') }}

),

lines as (

    select * from {{ ref('int_outgoing_lines_roled') }}
    where role not in ('TEXT', 'CLEARING')

),

-- Within a document whose total is not negative, the line goes out with a negative price instead.
final as (

    select
        {{ key_of('amounts', line_key) }},
        case when totals.is_negative then 'block' else 'warn' end as severity,
        {{ coding_finding('QTY_NEGATIVE', {'q': quantity_text('amounts.stated_quantity')}) }}
    from amounts
    inner join totals
        on {{ same_key('amounts', 'totals', outgoing_document_key()) }}
    where amounts.is_quantity_negative
    union all
    select
        {{ line_key | join(', ') }},
        'block' as severity,
        {{ coding_finding('AMOUNT_MISSING', {'source': system_name('source_system')}) }}
    from lines
    where
        (quantity is null or unit_amount is null)
        and (source_line_amount is null or side = 'stock')
    union all
    select
        {{ line_key | join(', ') }},
        severity,
        rule,
        message,
        remedy
    from {{ ref('int_line_items_resolved') }}
    where severity is not null

)

select * from final
