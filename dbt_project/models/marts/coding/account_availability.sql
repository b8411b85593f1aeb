with checked as (

    select * from {{ ref('int_account_roles_checked') }}

),

as_default as (

    select * from checked
    where role = 'COGS_DEFAULT'

),

-- The systems that keep a list of the organisation's accounts, and how strict the policy is; of several,
-- the strictest.
systems as (

    select
        documents.tenant_id,
        documents.source_system,
        policies.payments_off,
        row_number() over (
            partition by documents.tenant_id
            order by
                case policies.payments_off when 'block' then 0 when 'warn' then 1 else 2 end,
                documents.source_system
        ) as choice
    from (
        select distinct
            tenant_id,
            source_system
        from {{ ref('int_outgoing_documents') }}
    ) as documents
    inner join {{ ref('int_coding_policies_set') }} as policies
        on
            documents.tenant_id = policies.tenant_id
            and documents.source_system = policies.source_system

),

-- An adjustment is a pair of a cost and a stock account: an account suits it that suits either.
paired as (

    select
        costs.tenant_id,
        costs.account_id,
        'ADJUSTMENT' as role,
        costs.account_code,
        costs.account_name,
        costs.needs_payments_enabled,
        case when stocks.rule is null then stocks.has_payments_off else costs.has_payments_off end as has_payments_off,
        case when stocks.rule is null then null else costs.rule end as rule,
        case when stocks.rule is null then null else costs.message end as message,
        case when stocks.rule is null then null else costs.remedy end as remedy
    from checked as costs
    inner join checked as stocks
        on
            costs.tenant_id = stocks.tenant_id
            and costs.account_id = stocks.account_id
            and costs.role = 'COGS'
            and stocks.role = 'INVENTORY'

),

all_roles as (

    select
        tenant_id,
        account_id,
        role,
        account_code,
        account_name,
        needs_payments_enabled,
        has_payments_off,
        rule,
        message,
        remedy
    from checked
    where role <> 'COGS_DEFAULT'
    union all
    select * from paired

),

judged as (

    select
        all_roles.*,
        systems.source_system,
        as_default.rule as default_rule,
        case
            when all_roles.rule is not null then 'block'
            when all_roles.has_payments_off and all_roles.needs_payments_enabled then 'block'
            when all_roles.has_payments_off and systems.payments_off in ('warn', 'block') then systems.payments_off
        end as severity
    from all_roles
    left join systems
        on
            all_roles.tenant_id = systems.tenant_id
            and systems.choice = 1
    left join as_default
        on
            all_roles.tenant_id = as_default.tenant_id
            and case all_roles.role when 'COGS' then all_roles.account_id end = as_default.account_id

),

{%- set payments = {
    'system': "coalesce(" ~ system_name('source_system') ~ ", 'The source')",
    'code': 'account_code',
    'name': 'account_name',
} %}

final as (

    select
        tenant_id,
        account_id,
        role,
        account_code,
        account_name,
        severity is null or severity <> 'block' as is_available,
        (severity is null or severity <> 'block') and default_rule is null as is_available_as_default,
        case when rule is not null then rule when severity is not null then 'ACC_PAYMENTS_OFF' end as rule,
        severity,
        case
            when rule is not null then message
            when severity is not null then {{ coding_message('ACC_PAYMENTS_OFF', payments) }}
        end as reason,
        case
            when rule is not null then remedy
            when severity is not null then {{ coding_remedy('ACC_PAYMENTS_OFF', payments) }}
        end as remedy
    from judged

)

select * from final
