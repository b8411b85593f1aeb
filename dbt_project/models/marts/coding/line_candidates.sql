{%- set line_key = outgoing_line_key() -%}
{%- set text = dbt.type_string() -%}

with accounts as (

    select
        {{ line_key | join(', ') }},
        case when is_contra then 'contra_account' else 'account' end as attribute,
        'none' as tracking_category_id,
        cast(null as {{ text }}) as tracking_category_name,
        level,
        level_rank,
        stated_code as value,
        account_code || ' ' || account_name as value_label,
        account_status as status,
        is_winner,
        case
            when rule is not null then message
            when is_winner then {{ first_words('level') }}
            else {{ before_words('winning_level', 'level') }}
        end as reason
    from {{ ref('int_account_candidates_ranked') }}

),

taxes as (

    select
        {{ line_key | join(', ') }},
        'tax' as attribute,
        'none' as tracking_category_id,
        cast(null as {{ text }}) as tracking_category_name,
        level,
        level_rank,
        stated_tax as value,
        tax_type as value_label,
        case when tax_type is null then 'unknown' else 'ok' end as status,
        is_winner,
        case
            when tax_type is null then {{ coding_message('TAX_MISSING', {}) }}
            when is_winner then {{ first_words('level') }}
            else {{ before_words('winning_level', 'level') }}
        end as reason
    from {{ ref('int_tax_candidates_ranked') }}

),

-- That two levels differ is no error: the higher one wins, and here it is said which.
tracking as (

    select distinct
        {{ line_key | join(', ') }},
        'tracking' as attribute,
        coalesce(nullif(category_key, ''), 'none') as tracking_category_id,
        tracking_category_name,
        level,
        level_rank,
        case when is_explicit_none then 'none' else coalesce(tracking_option_id, tracking_option_name) end as value,
        tracking_option_name as value_label,
        case when is_category_archived then 'archived' else status end as status,
        is_winner,
        case
            when is_category_archived
                then {{ coding_message('TRK_CAT_ARCHIVED', {'category': 'tracking_category_name'}) }}
            when is_in_conflict
                then {{
                    coding_message(
                        'TRK_CONFLICT',
                        {'category': 'tracking_category_name', 'a': 'first_option_name', 'b': 'last_option_name'},
                    )
                }}
            when status = 'archived'
                then {{
                    coding_message(
                        'TRK_OPT_ARCHIVED', {'option': 'stated_option_name', 'category': 'tracking_category_name'}
                    )
                }}
            when status = 'unknown'
                then {{
                    coding_message('TRK_UNKNOWN', {'option': 'stated_option_name', 'category': 'tracking_category_name'})
                }}
            when is_winner and is_remapped
                then 'Used: ' || stated_option_name || ' is archived, and the settings name this one in its place.'
            when is_winner then {{ first_words('level') }}
            when tracking_option_name <> winning_option_name
                then {{
                    coding_message(
                        'TRK_CONFLICT',
                        {'category': 'tracking_category_name', 'a': 'winning_option_name', 'b': 'tracking_option_name'},
                    )
                }} || ' ' || {{ before_words('winning_level', 'level') }}
            else {{ before_words('winning_level', 'level') }}
        end as reason
    from {{ ref('int_tracking_candidates_ranked') }}

),

final as (

    select * from accounts
    union all
    select * from taxes
    union all
    select * from tracking

)

select
    {{ line_key | join(', ') }},
    attribute,
    tracking_category_id,
    tracking_category_name,
    level,
    cast(level_rank as bigint) as level_rank,
    value,
    value_label,
    status,
    is_winner,
    reason
from final
