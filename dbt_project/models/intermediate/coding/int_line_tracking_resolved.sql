{{ config(materialized='table') }}

{#- The tracking option of each line in Analysis 2 and Analysis 3. -#}
{%- set line_key = outgoing_line_key() -%}

with winners as (

    select * from {{ ref('int_tracking_candidates_ranked') }}
    where is_winner

),

final as (

    select
        {{ line_key | join(', ') }},
        {% for slot in [2, 3] -%}
        max(
            case when analysis_slot = {{ slot }} and not is_explicit_none then tracking_option_id end
        ) as tracking_option_id_{{ slot }},
        max(
            case when analysis_slot = {{ slot }} and not is_explicit_none then tracking_option_name end
        ) as tracking_option_{{ slot }},
        max(case when analysis_slot = {{ slot }} then level end) as tracking_level_{{ slot }},
        max(
            case
                when coalesce(analysis_slot, 0) <> {{ slot }} or is_explicit_none then null
                when is_in_conflict then 'blocked'
                else status
            end
        ) as tracking_status_{{ slot }},
        {% endfor -%}
        cast(sum(case when is_explicit_none then 0 else 1 end) as bigint) as category_count
    from winners
    group by {{ line_key | join(', ') }}

)

select * from final
