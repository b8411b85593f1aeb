{#- What is wrong with a line's tracking, and what its document asks for and does not get. -#}
{%- set line_key = outgoing_line_key() -%}
{%- set text = dbt.type_string() -%}

with winners as (

    select * from {{ ref('int_tracking_candidates_ranked') }}
    where is_winner

),

lines as (

    select * from {{ ref('int_outgoing_lines_roled') }}
    where role not in ('TEXT', 'ROUNDING', 'CLEARING')

),

-- "Explicitly none" is no option: it never satisfies a category that is asked for.
required as (

    select
        {{ key_of('lines', line_key) }},
        requirements.tracking_category_name,
        winners.tracking_category_id is null or winners.is_explicit_none as is_missing,
        count(*) over (
            partition by
                {{ key_of('lines', outgoing_document_key()) }}, requirements.tracking_category_id
        ) as line_count,
        sum(case when winners.tracking_category_id is null or winners.is_explicit_none then 1 else 0 end) over (
            partition by
                {{ key_of('lines', outgoing_document_key()) }}, requirements.tracking_category_id
        ) as missing_count
    from lines
    inner join {{ ref('int_tracking_requirements_set') }} as requirements
        on
            lines.tenant_id = requirements.tenant_id
            and lines.document_type = requirements.document_type
            and requirements.is_mandatory
    left join winners
        on
            {{ same_key('lines', 'winners', line_key) }}
            and requirements.tracking_category_id = winners.tracking_category_id

),

crowded as (

    select
        {{ line_key | join(', ') }},
        cast(category_count as {{ text }}) as n
    from {{ ref('int_line_tracking_resolved') }}
    where category_count > 2

),

{%- set value = {'option': 'stated_option_name', 'category': 'tracking_category_name'} %}

final as (

    select
        {{ line_key | join(', ') }},
        {{
            coding_finding(
                'TRK_MISSING',
                {
                    'category': 'tracking_category_name',
                    'document type': "case when document_type = 'cogs' then 'COGS' else replace(document_type, '_', ' ') end",
                    'n': 'cast(missing_count as ' ~ text ~ ')',
                    'm': 'cast(line_count as ' ~ text ~ ')',
                },
            )
        }}
    from required
    where is_missing
    union all
    select
        {{ line_key | join(', ') }},
        {{ coding_finding('TRK_OPT_ARCHIVED', value) }}
    from winners
    where status = 'archived' and not is_in_conflict
    union all
    select
        {{ line_key | join(', ') }},
        {{ coding_finding('TRK_UNKNOWN', value) }}
    from winners
    where status = 'unknown' and not is_in_conflict
    union all
    select
        {{ line_key | join(', ') }},
        {{
            coding_finding(
                'TRK_CONFLICT',
                {'category': 'tracking_category_name', 'a': 'first_option_name', 'b': 'last_option_name'},
            )
        }}
    from winners
    where is_in_conflict
    union all
    select
        {{ line_key | join(', ') }},
        {{ coding_finding('TRK_NO_SLOT', {'category': 'tracking_category_name'}) }}
    from winners
    where analysis_slot is null and tracking_category_id is not null and not is_explicit_none
    union all
    select
        {{ line_key | join(', ') }},
        {{ coding_finding('TRK_TOO_MANY_LINE', {'n': 'n'}) }}
    from crowded

)

select
    *,
    'block' as severity
from final
