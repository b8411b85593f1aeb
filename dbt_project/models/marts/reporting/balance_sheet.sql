with trial_balance as (

    select * from {{ ref('trial_balance') }}

),

-- What the year has earned so far is no account: income and expense together, as equity.
earnings as (

    select
        tenant_id,
        month_end,
        base_currency,
        -sum(balance_base) as balance_base
    from trial_balance
    where account_class in ('REVENUE', 'EXPENSE')
    group by tenant_id, month_end, base_currency

),

final as (

    select
        tenant_id,
        month_end,
        account_id,
        account_code,
        account_name,
        account_class,
        account_type,
        base_currency,
        -- What is on no account (`none`) is shown among the assets, so that the sheet still balances.
        cast(
            case when coalesce(account_class, 'ASSET') = 'ASSET' then balance_base else -balance_base end
            as decimal(18, 4)
        ) as balance_base
    from trial_balance
    where coalesce(account_class, 'ASSET') not in ('REVENUE', 'EXPENSE')
    union all
    select
        tenant_id,
        month_end,
        '{{ current_year_earnings() }}' as account_id,
        cast(null as {{ dbt.type_string() }}) as account_code,
        'current_year_earnings' as account_name,
        'EQUITY' as account_class,
        'EQUITY' as account_type,
        base_currency,
        cast(balance_base as decimal(18, 4)) as balance_base
    from earnings
    where balance_base <> 0

)

select * from final
