{{ config(materialized='table') }}

{#-
    Each account offered for a line, validated, with the one that wins: the first that is present, even
    if it cannot be used. Only where the policy `fallback` is `warn` does the next that can be used win.
-#}
{%- set line_key = outgoing_line_key() -%}

with offered as (

    select
        offered.*,
        policies.payments_off,
        policies.fallback,
        case
            when offered.is_contra then 'INVENTORY'
            when offered.role in ('COGS', 'ADJUSTMENT') and offered.level = 'org_default' then 'COGS_DEFAULT'
            when offered.role in ('COGS', 'ADJUSTMENT') then 'COGS'
            else offered.role
        end as checked_role
    from {{ ref('int_account_candidates_offered') }} as offered
    left join {{ ref('int_coding_policies_set') }} as policies
        on
            offered.tenant_id = policies.tenant_id
            and offered.source_system = policies.source_system

),

codes as (

    select * from {{ ref('int_account_codes_bound') }}

),

bound as (

    select
        offered.*,
        case
            when offered.level = 'org_default' then offered.bound_account_id else codes.account_id
        end as account_id
    from offered
    left join codes
        on
            offered.tenant_id = codes.tenant_id
            and offered.stated_code = codes.stated_code

),

validated as (

    select
        bound.*,
        checked.account_code,
        checked.account_name,
        checked.account_class,
        case
            when bound.account_id is null then 'unknown'
            else coalesce(checked.account_status, 'blocked')
        end as account_status,
        checked.account_code <> bound.stated_code as is_former_code,
        case
            when bound.account_id is null then 'ACC_UNKNOWN'
            when checked.rule is not null then checked.rule
            when
                checked.has_payments_off
                and (checked.needs_payments_enabled or bound.payments_off = 'block') then 'ACC_PAYMENTS_OFF'
        end as rule,
        checked.message as checked_message,
        checked.remedy as checked_remedy
    from bound
    left join {{ ref('int_account_roles_checked') }} as checked
        on
            bound.tenant_id = checked.tenant_id
            and bound.account_id = checked.account_id
            and bound.checked_role = checked.role

),

-- A credit note's line takes the account of the invoice line that it credits, after a code of its own: the one
-- that it has in Xero, else the one that it would get.
credit_lines as (

    select * from {{ ref('int_outgoing_lines_roled') }}
    where document_type = 'credit_note' and role = 'REVENUE' and credited_line_id is not null

),

posted as (

    select * from {{ ref('int_credited_accounts_posted') }}

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
        validated.*,
        row_number() over (
            partition by {{ key_of('validated', line_key) }}
            order by
                case when validated.fallback = 'warn' and validated.rule is not null then 1 else 0 end,
                validated.level_rank
        ) as choice
    from validated
    inner join credited_lines
        on {{ same_key('validated', 'credited_lines', line_key) }}
    where not validated.is_contra

),

{%- set validated_columns = [
    'account_id', 'stated_code', 'account_code', 'account_name', 'account_class', 'account_status', 'is_former_code',
    'rule', 'checked_message', 'checked_remedy', 'fallback',
] %}

credited as (

    select {{ (line_key + validated_columns) | join(', ') }} from posted
    union all
    select {{ key_of('credited_candidates', line_key + validated_columns) }}
    from credited_candidates
    left join posted
        on {{ same_key('credited_candidates', 'posted', line_key) }}
    where credited_candidates.choice = 1 and posted.line_id is null

),

all_candidates as (

    select
        {{ line_key | join(', ') }},
        role,
        is_contra,
        level,
        level_rank,
        {{ validated_columns | join(', ') }}
    from validated
    union all
    select
        credit_lines.tenant_id,
        credit_lines.source_system,
        credit_lines.document_type,
        credit_lines.document_id,
        credit_lines.line_id,
        credit_lines.role,
        false as is_contra,
        'transaction' as level,
        2 as level_rank,
        {{ key_of('credited', validated_columns) }}
    from credit_lines
    inner join credited
        on
            credit_lines.tenant_id = credited.tenant_id
            and credit_lines.source_system = credited.source_system
            and credit_lines.credited_document_id = credited.document_id
            and credit_lines.credited_line_id = credited.line_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ line_key | join(', ') }}, is_contra
            order by case when fallback = 'warn' and rule is not null then 1 else 0 end, level_rank
        ) as choice,
        first_value(level) over (
            partition by {{ line_key | join(', ') }}, is_contra
            order by case when fallback = 'warn' and rule is not null then 1 else 0 end, level_rank
        ) as winning_level,
        first_value(level_rank) over (
            partition by {{ line_key | join(', ') }}, is_contra
            order by case when fallback = 'warn' and rule is not null then 1 else 0 end, level_rank
        ) as winning_rank
    from all_candidates

),

final as (

    select
        {{ line_key | join(', ') }},
        role,
        is_contra,
        level,
        level_rank,
        stated_code,
        account_id,
        account_code,
        account_name,
        account_class,
        case when rule = 'ACC_PAYMENTS_OFF' then 'blocked' else account_status end as account_status,
        is_former_code,
        choice = 1 as is_winner,
        -- Passed over because it cannot be used, where the policy lets the next level stand in.
        choice > 1 and rule is not null and level_rank < winning_rank as is_passed_over,
        winning_level,
        rule,
        case
            when rule = 'ACC_UNKNOWN' then {{ coding_message('ACC_UNKNOWN', {'code': 'stated_code'}) }}
            when rule = 'ACC_PAYMENTS_OFF'
                then {{
                    coding_message(
                        'ACC_PAYMENTS_OFF',
                        {'system': system_name('source_system'), 'code': 'account_code', 'name': 'account_name'},
                    )
                }}
            else checked_message
        end as message,
        case
            when rule = 'ACC_UNKNOWN' then {{ coding_remedy('ACC_UNKNOWN', {'code': 'stated_code'}) }}
            when rule = 'ACC_PAYMENTS_OFF' then {{ coding_remedy('ACC_PAYMENTS_OFF', {}) }}
            else checked_remedy
        end as remedy
    from ranked

)

select * from final
