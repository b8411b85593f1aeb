{{ config(materialized='table') }}

with differences as (

    select
        differences.tenant_id,
        differences.month_end,
        differences.basis,
        differences.account_id,
        differences.difference_base - coalesce(conversions.conversion_base, 0) as rest_base
    from {{ ref('int_reconciliation_differences_found') }} as differences
    left join {{ ref('int_conversion_balances_found') }} as conversions
        on
            differences.tenant_id = conversions.tenant_id
            and differences.month_end = conversions.month_end
            and differences.basis = conversions.basis
            and differences.account_id = conversions.account_id

),

changes as (

    select * from {{ ref('int_report_changes_found') }}

),

-- What other causes move too, decides nothing; in retained earnings are those of earlier years.
named as (

    select
        tenant_id,
        account_id
    from {{ ref('int_reconciliation_causes_named') }}
    union distinct
    select
        tenant_id,
        retainedearnings_account_id as account_id
    from {{ ref('int_system_accounts_named') }}

),

-- A change just before the report may be in it already, whatever the clocks say: it counts only where it brings the
-- two nearer to each other, on the accounts that nothing else explains.
judged as (

    select
        changes.tenant_id,
        changes.month_end,
        changes.basis,
        sum(abs(coalesce(differences.rest_base, 0) - changes.changed_base))
        < sum(abs(coalesce(differences.rest_base, 0))) as is_nearer
    from changes
    left join differences
        on
            changes.tenant_id = differences.tenant_id
            and changes.month_end = differences.month_end
            and changes.basis = differences.basis
            and changes.account_id = differences.account_id
    left join named
        on
            changes.tenant_id = named.tenant_id
            and changes.account_id = named.account_id
    where named.account_id is null
    group by changes.tenant_id, changes.month_end, changes.basis

),

final as (

    select changes.*
    from changes
    inner join judged
        on
            changes.tenant_id = judged.tenant_id
            and changes.month_end = judged.month_end
            and changes.basis = judged.basis
    where judged.is_nearer

)

select * from final
