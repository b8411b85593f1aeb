with differences as (

    select * from {{ ref('int_reconciliation_differences_found') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

system_accounts as (

    select * from {{ ref('int_system_accounts_named') }}

),

named as (

    select * from {{ ref('int_reconciliation_causes_named') }}
    where cause = 'conversion_balance'

),

earliest as (

    select
        tenant_id,
        min(month_end) as month_end
    from differences
    group by tenant_id

),

-- What Xero's first trial balance holds before the first posting was taken over from elsewhere. Where something is
-- posted by then, the two cannot be told apart, and only the accounts that reconciliation_causes.csv names count.
firsts as (

    select
        differences.tenant_id,
        differences.month_end as first_month_end,
        sum(abs(differences.warehouse_base)) = 0 as is_before_all_postings
    from differences
    inner join earliest
        on
            differences.tenant_id = earliest.tenant_id
            and differences.month_end = earliest.month_end
    group by differences.tenant_id, differences.month_end

),

taken_over as (

    select
        differences.tenant_id,
        differences.account_id,
        firsts.first_month_end,
        coalesce(accounts.account_class, 'ASSET') in ('REVENUE', 'EXPENSE') as is_of_a_year,
        differences.difference_base
    from differences
    inner join firsts
        on
            differences.tenant_id = firsts.tenant_id
            and differences.month_end = firsts.first_month_end
    left join accounts
        on
            differences.tenant_id = accounts.tenant_id
            and differences.account_id = accounts.account_id
    left join named
        on
            differences.tenant_id = named.tenant_id
            and differences.account_id = named.account_id
    where
        differences.basis = 'balance'
        and differences.difference_base <> 0
        and (firsts.is_before_all_postings or named.account_id is not null)

),

month_ends as (

    select distinct
        differences.tenant_id,
        differences.month_end,
        {{ financial_year_counted('differences.month_end') }} as financial_year
    from differences
    inner join organisations
        on differences.tenant_id = organisations.tenant_id

),

-- Unchanged at every month's end of its financial year; then income and expense roll into retained earnings.
balances as (

    select
        month_ends.tenant_id,
        month_ends.month_end,
        'balance' as basis,
        case
            when taken_over.is_of_a_year and month_ends.financial_year > first_years.financial_year
                then system_accounts.retainedearnings_account_id
            else taken_over.account_id
        end as account_id,
        taken_over.difference_base as conversion_base
    from month_ends
    inner join taken_over
        on month_ends.tenant_id = taken_over.tenant_id
    inner join month_ends as first_years
        on
            taken_over.tenant_id = first_years.tenant_id
            and taken_over.first_month_end = first_years.month_end
    inner join system_accounts
        on month_ends.tenant_id = system_accounts.tenant_id
    union all
    select
        tenant_id,
        first_month_end as month_end,
        'movement' as basis,
        account_id,
        difference_base as conversion_base
    from taken_over

),

final as (

    select
        tenant_id,
        month_end,
        basis,
        account_id,
        cast(sum(conversion_base) as decimal(18, 4)) as conversion_base
    from balances
    group by tenant_id, month_end, basis, account_id

)

select * from final
