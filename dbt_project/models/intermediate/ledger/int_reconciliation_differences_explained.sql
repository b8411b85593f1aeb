{{ config(materialized='table') }}

{#- How often causes that share an account are joined: more than there are causes in a chain of shared accounts. -#}
{%- set rounds = 4 -%}

with differences as (

    select
        differences.*,
        coalesce(conversions.conversion_base, 0) as conversion_base,
        coalesce(changes.changed_base, 0) as changed_base,
        differences.difference_base - coalesce(conversions.conversion_base, 0) - coalesce(changes.changed_base, 0)
            as rest_base
    from {{ ref('int_reconciliation_differences_found') }} as differences
    left join {{ ref('int_conversion_balances_found') }} as conversions
        on
            differences.tenant_id = conversions.tenant_id
            and differences.month_end = conversions.month_end
            and differences.basis = conversions.basis
            and differences.account_id = conversions.account_id
    left join {{ ref('int_report_changes_tested') }} as changes
        on
            differences.tenant_id = changes.tenant_id
            and differences.month_end = changes.month_end
            and differences.basis = changes.basis
            and differences.account_id = changes.account_id

),

causes as (

    select
        tenant_id,
        cause,
        account_id
    from {{ ref('int_reconciliation_causes_named') }}
    where cause <> 'conversion_balance'

),

system_accounts as (

    select * from {{ ref('int_system_accounts_named') }}

),

bases as (

    select 'balance' as basis
    union all
    select 'movement' as basis

),

-- What a cause earned or cost in earlier years is in the balance of retained earnings.
cause_accounts as (

    select
        causes.tenant_id,
        causes.cause,
        causes.account_id,
        bases.basis
    from causes
    cross join bases
    union distinct
    select
        causes.tenant_id,
        causes.cause,
        system_accounts.retainedearnings_account_id as account_id,
        'balance' as basis
    from causes
    inner join system_accounts
        on causes.tenant_id = system_accounts.tenant_id

),

claimed as (

    select
        differences.tenant_id,
        differences.month_end,
        differences.basis,
        differences.account_id,
        differences.rest_base,
        cause_accounts.cause
    from differences
    inner join cause_accounts
        on
            differences.tenant_id = cause_accounts.tenant_id
            and differences.account_id = cause_accounts.account_id
            and differences.basis = cause_accounts.basis
    where differences.rest_base <> 0

),

-- Causes that share an account are tested together: each gets the first name of all that it hangs together with.
together_0 as (

    select distinct
        tenant_id,
        month_end,
        basis,
        cause,
        cause as cause_group
    from claimed

),

{% for round in range(1, rounds + 1) %}
shared_{{ round }} as (

    select
        claimed.tenant_id,
        claimed.month_end,
        claimed.basis,
        claimed.account_id,
        min(former.cause_group) as cause_group
    from claimed
    inner join together_{{ round - 1 }} as former
        on
            claimed.tenant_id = former.tenant_id
            and claimed.month_end = former.month_end
            and claimed.basis = former.basis
            and claimed.cause = former.cause
    group by claimed.tenant_id, claimed.month_end, claimed.basis, claimed.account_id

),

together_{{ round }} as (

    select
        claimed.tenant_id,
        claimed.month_end,
        claimed.basis,
        claimed.cause,
        min(shared.cause_group) as cause_group
    from claimed
    inner join shared_{{ round }} as shared
        on
            claimed.tenant_id = shared.tenant_id
            and claimed.month_end = shared.month_end
            and claimed.basis = shared.basis
            and claimed.account_id = shared.account_id
    group by claimed.tenant_id, claimed.month_end, claimed.basis, claimed.cause

),

{% endfor %}
by_account as (

    select
        claimed.tenant_id,
        claimed.month_end,
        claimed.basis,
        claimed.account_id,
        claimed.rest_base,
        min(together.cause_group) as cause_group,
        min(claimed.cause) as first_cause,
        max(claimed.cause) as last_cause
    from claimed
    inner join together_{{ rounds }} as together
        on
            claimed.tenant_id = together.tenant_id
            and claimed.month_end = together.month_end
            and claimed.basis = together.basis
            and claimed.cause = together.cause
    group by claimed.tenant_id, claimed.month_end, claimed.basis, claimed.account_id, claimed.rest_base

),

-- A cause moves money between its own accounts, so that it explains only what comes to nothing over all of them.
tested as (

    select
        *,
        sum(rest_base) over (partition by tenant_id, month_end, basis, cause_group) = 0 as is_explained
    from by_account

),

final as (

    select
        differences.tenant_id,
        differences.month_end,
        differences.basis,
        differences.account_id,
        differences.xero_read_at,
        differences.warehouse_base,
        differences.xero_base,
        differences.difference_base,
        cast(differences.conversion_base as decimal(18, 4)) as conversion_base,
        cast(differences.changed_base as decimal(18, 4)) as changed_base,
        cast(case when tested.is_explained then tested.rest_base else 0 end as decimal(18, 4)) as cause_base,
        case when tested.is_explained then tested.first_cause end as first_cause,
        case when tested.is_explained and tested.last_cause <> tested.first_cause then tested.last_cause end
            as other_cause
    from differences
    left join tested
        on
            differences.tenant_id = tested.tenant_id
            and differences.month_end = tested.month_end
            and differences.basis = tested.basis
            and differences.account_id = tested.account_id

)

select * from final
