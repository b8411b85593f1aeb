-- What customers owe by document is the balance of the receivables account, at every month's end. (Journals also hold
-- what no document tells: reporting.ledger_basis_differences names it.)
with aged as (

    select
        tenant_id,
        month_end,
        sum(total_base) as amount_base
    from {{ ref('receivables_aging') }}
    group by tenant_id, month_end

),

-- A manual journal or a document line on the account, which Xero refuses, belongs to no document.
debtors as (

    select
        trial_balance.tenant_id,
        trial_balance.month_end,
        trial_balance.balance_base as amount_base
    from {{ ref('trial_balance') }} as trial_balance
    inner join {{ ref('int_system_accounts_named') }} as system_accounts
        on
            trial_balance.tenant_id = system_accounts.tenant_id
            and trial_balance.account_id = system_accounts.debtors_account_id

)

select
    coalesce(aged.tenant_id, debtors.tenant_id) as tenant_id,
    coalesce(aged.month_end, debtors.month_end) as month_end,
    aged.amount_base as aged_base,
    debtors.amount_base as debtors_base
from aged
full outer join debtors
    on
        aged.tenant_id = debtors.tenant_id
        and aged.month_end = debtors.month_end
inner join {{ ref('int_ledger_bases_chosen') }} as bases
    on coalesce(aged.tenant_id, debtors.tenant_id) = bases.tenant_id
where coalesce(aged.amount_base, 0) <> coalesce(debtors.amount_base, 0) and bases.basis = 'documents'
