{#-
    The Xero item of each line by its code. An item that Xero keeps in stock would post its cost a
    second time beside the source's stock journals.
-#}
{%- set line_key = outgoing_line_key() -%}

with lines as (

    select * from {{ ref('int_outgoing_lines_roled') }}
    where item_code is not null and side <> 'stock' and role not in ('TEXT', 'CLEARING')

),

items as (

    select * from {{ ref('stg_xero__items') }}
    where not is_deleted

),

policies as (

    select * from {{ ref('int_coding_policies_set') }}

),

matched as (

    select
        {{ key_of('lines', line_key) }},
        lines.item_code,
        items.item_id,
        coalesce(items.is_tracked_as_inventory, false) and policies.stock_journals = 'on' as is_cost_posted_twice,
        policies.omit_item_code = 'on' as may_omit
    from lines
    inner join items
        on
            lines.tenant_id = items.tenant_id
            and trim(lines.item_code) = items.item_code
    left join policies
        on
            lines.tenant_id = policies.tenant_id
            and lines.source_system = policies.source_system

),

final as (

    select
        {{ line_key | join(', ') }},
        case when is_cost_posted_twice and may_omit then null else item_id end as item_id,
        case when is_cost_posted_twice and not may_omit then 'ITEM_TRACKED' end as rule,
        case when is_cost_posted_twice and not may_omit then 'block' end as severity,
        case
            when is_cost_posted_twice and not may_omit
                then {{ coding_message('ITEM_TRACKED', {'item': 'trim(item_code)'}) }}
        end as message,
        case
            when is_cost_posted_twice and not may_omit then {{ coding_remedy('ITEM_TRACKED', {}) }}
        end as remedy
    from matched

)

select * from final
