{#- What is wrong with a line's account. A payment is only checked, never sent: it stops nothing. -#}
{%- set line_key = outgoing_line_key() -%}

with candidates as (

    select * from {{ ref('int_account_candidates_ranked') }}

),

unresolved as (

    select
        resolved.*,
        lines.item_code
    from {{ ref('int_line_accounts_resolved') }} as resolved
    inner join {{ ref('int_outgoing_lines_roled') }} as lines
        on {{ same_key('resolved', 'lines', line_key) }}
    where resolved.unresolved_role is not null

),

final as (

    select
        {{ line_key | join(', ') }},
        case when role = 'CLEARING' then 'warn' else 'block' end as severity,
        {{
            coding_finding(
                'ACC_UNRESOLVED',
                {'role': 'unresolved_role', 'item': "coalesce(item_code, 'its item')"},
            )
        }}
    from unresolved
    where role <> 'UNRESOLVED'
    union all
    -- No account would help: which accounts suit the line is what is not known.
    select
        {{ line_key | join(', ') }},
        'block' as severity,
        {{ coding_finding('ROLE_UNRESOLVED', {'source': system_name('source_system')}) }}
    from unresolved
    where role = 'UNRESOLVED'
    union all
    -- The code that won and cannot be used; and the codes passed over for it, where the policy lets it.
    select
        {{ line_key | join(', ') }},
        case when is_passed_over or role = 'CLEARING' then 'warn' else 'block' end as severity,
        rule,
        message,
        remedy
    from candidates
    where rule is not null and (is_winner or is_passed_over) and role <> 'UNRESOLVED'
    union all
    select
        {{ line_key | join(', ') }},
        'warn' as severity,
        {{ coding_finding('ACC_RENUMBERED', {'name': 'account_name', 'old': 'stated_code', 'new': 'account_code'}) }}
    from candidates
    where is_winner and is_former_code and rule is null

)

select * from final
