{{ config(materialized='table') }}

{#-
    Each account against each role: may it be used, and if not, why. ADJUSTMENT is a pair of a cost and
    a stock account; an account suits it that suits either.
-#}
with accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

rules as (

    select * from {{ ref('int_account_eligibility_ruled') }}

),

roles as (

    select distinct
        tenant_id,
        role,
        wanted
    from rules

),

-- The most particular rule that fits the account counts: by type before by class before any.
fitting as (

    select
        accounts.tenant_id,
        accounts.account_id,
        rules.role,
        rules.is_allowed,
        rules.needs_payments_enabled,
        row_number() over (
            partition by accounts.tenant_id, accounts.account_id, rules.role
            order by
                case when rules.account_type is null then 1 else 0 end,
                case when rules.account_class is null then 1 else 0 end
        ) as choice
    from accounts
    inner join rules
        on
            accounts.tenant_id = rules.tenant_id
            and coalesce(rules.account_class, accounts.account_class) = accounts.account_class
            and coalesce(rules.account_type, accounts.account_type) = accounts.account_type

),

rounding as (

    select * from {{ ref('int_gl_defaults_bound') }}
    where role = 'rounding'

),

judged as (

    select
        accounts.tenant_id,
        accounts.account_id,
        accounts.account_code,
        accounts.account_name,
        accounts.account_class,
        accounts.account_type,
        roles.role,
        case when roles.role = 'ROUNDING' then 'the rounding account of the settings' else roles.wanted end as wanted,
        coalesce(fitting.needs_payments_enabled, false) as needs_payments_enabled,
        coalesce(accounts.enable_payments_to_account, false) as has_payments_enabled,
        case when accounts.is_deleted then 'deleted' else lower(accounts.account_status) end as status_words,
        case
            when accounts.is_deleted or coalesce(accounts.account_status, 'ACTIVE') <> 'ACTIVE' then 'ACC_ARCHIVED'
            when accounts.account_type = 'BANK' then 'ACC_INELIGIBLE'
            when
                accounts.system_account is not null
                and not (roles.role = 'ROUNDING' and accounts.system_account = 'ROUNDING') then 'ACC_INELIGIBLE'
            when roles.role = 'INVENTORY' and accounts.account_type = 'INVENTORY' then 'ACC_INELIGIBLE'
            when accounts.account_code is null then 'ACC_NO_CODE'
            when roles.role = 'ROUNDING' and rounding.account_id is null then 'ACC_CLASS'
            when not coalesce(fitting.is_allowed, false) then 'ACC_CLASS'
        end as rule,
        case
            when accounts.account_type = 'BANK' then 'bank'
            when accounts.system_account is not null then 'system'
            when accounts.account_type = 'INVENTORY' then 'tracked inventory'
        end as kind_words
    from accounts
    inner join roles
        on accounts.tenant_id = roles.tenant_id
    left join fitting
        on
            accounts.tenant_id = fitting.tenant_id
            and accounts.account_id = fitting.account_id
            and roles.role = fitting.role
            and fitting.choice = 1
    left join rounding
        on
            accounts.tenant_id = rounding.tenant_id
            and case roles.role when 'ROUNDING' then accounts.account_id end = rounding.account_id

),

{%- set values = {
    'code': "coalesce(account_code, 'without code')",
    'name': 'account_name',
    'status': 'status_words',
    'reason': 'kind_words',
    'class': 'account_class',
    'role': "replace(lower(role), '_', ' ')",
    'wanted': 'wanted',
} %}
{%- set rules = ['ACC_ARCHIVED', 'ACC_INELIGIBLE', 'ACC_NO_CODE', 'ACC_CLASS'] %}

final as (

    select
        tenant_id,
        account_id,
        role,
        account_code,
        account_name,
        account_class,
        account_type,
        -- Payments are never demanded of revenue and expense accounts.
        needs_payments_enabled and role not in ('REVENUE', 'EXPENSE') as needs_payments_enabled,
        rule is null and role not in ('REVENUE', 'EXPENSE') and not has_payments_enabled as has_payments_off,
        rule,
        case rule
            {% for rule in rules -%}
            when '{{ rule }}' then {{ coding_message(rule, values) }}
            {% endfor %}
        end as message,
        case rule
            {% for rule in rules -%}
            when '{{ rule }}' then {{ coding_remedy(rule, values) }}
            {% endfor %}
        end as remedy,
        case when rule is null then 'ok' when rule = 'ACC_ARCHIVED' then 'archived' else 'blocked' end as account_status
    from judged

)

select * from final
