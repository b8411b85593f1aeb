with movements as (

    select * from {{ ref('int_account_movements_summed') }}

),

months as (

    select * from {{ ref('int_financial_months_dated') }}

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

-- Which financial year each month's last day is in.
month_ends as (

    select
        months.tenant_id,
        months.month,
        months.month_end,
        organisations.base_currency,
        {{ financial_year_counted('months.month_end') }} as financial_year
    from months
    inner join organisations
        on months.tenant_id = organisations.tenant_id

),

-- Income and expense count within their year; what earlier years earned stands in retained earnings.
balances as (

    select
        month_ends.tenant_id,
        month_ends.month_end,
        month_ends.base_currency,
        case
            when
                accounts.account_class in ('REVENUE', 'EXPENSE')
                and movements.financial_year < month_ends.financial_year
                then system_accounts.retainedearnings_account_id
            else movements.account_id
        end as account_id,
        sum(movements.net_amount_base) as balance_base
    from month_ends
    inner join movements
        on
            month_ends.tenant_id = movements.tenant_id
            and month_ends.month >= movements.month
    inner join system_accounts
        on month_ends.tenant_id = system_accounts.tenant_id
    left join accounts
        on
            movements.tenant_id = accounts.tenant_id
            and movements.account_id = accounts.account_id
    group by 1, 2, 3, 4

),

final as (

    select
        balances.tenant_id,
        balances.month_end,
        balances.account_id,
        accounts.account_code,
        accounts.account_name,
        accounts.account_class,
        accounts.account_type,
        balances.base_currency,
        cast(case when balances.balance_base > 0 then balances.balance_base else 0 end as decimal(18, 4))
            as debit_base,
        cast(case when balances.balance_base < 0 then -balances.balance_base else 0 end as decimal(18, 4))
            as credit_base,
        cast(balances.balance_base as decimal(18, 4)) as balance_base
    from balances
    left join accounts
        on
            balances.tenant_id = accounts.tenant_id
            and balances.account_id = accounts.account_id
    where balances.balance_base <> 0

)

select * from final
