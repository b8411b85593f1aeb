with explained as (

    select * from {{ ref('int_reconciliation_differences_explained') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

compared as (

    select * from {{ ref('int_reports_compared') }}

),

reports as (

    select
        'trial_balance' as report,
        'balance' as basis
    union all
    select
        'balance_sheet' as report,
        'balance' as basis
    union all
    select
        'profit_and_loss' as report,
        'movement' as basis

),

-- What explains a balance explains it in both reports that show it; what moved in the month explains the month.
explanations as (

    select
        explained.tenant_id,
        reports.report,
        explained.month_end as period,
        explained.account_id,
        case
            when reports.report = 'trial_balance' or coalesce(accounts.account_class, 'ASSET') = 'ASSET' then 1
            else -1
        end as report_sign,
        explained.conversion_base,
        explained.changed_base,
        explained.cause_base,
        explained.first_cause,
        explained.other_cause
    from explained
    inner join reports
        on explained.basis = reports.basis
    left join accounts
        on
            explained.tenant_id = accounts.tenant_id
            and explained.account_id = accounts.account_id
    where explained.conversion_base <> 0 or explained.changed_base <> 0 or explained.cause_base <> 0
    union all
    select
        explained.tenant_id,
        'balance_sheet' as report,
        explained.month_end as period,
        '{{ current_year_earnings() }}' as account_id,
        -1 as report_sign,
        sum(explained.conversion_base) as conversion_base,
        sum(explained.changed_base) as changed_base,
        sum(explained.cause_base) as cause_base,
        min(explained.first_cause) as first_cause,
        case when max(explained.first_cause) <> min(explained.first_cause) then max(explained.first_cause) end
            as other_cause
    from explained
    inner join accounts
        on
            explained.tenant_id = accounts.tenant_id
            and explained.account_id = accounts.account_id
    where explained.basis = 'balance' and accounts.account_class in ('REVENUE', 'EXPENSE')
    group by explained.tenant_id, explained.month_end

),

summed as (

    select
        *,
        conversion_base + changed_base + cause_base as explained_base
    from explanations

),

final as (

    select
        compared.tenant_id,
        compared.report,
        compared.period,
        compared.account_id,
        accounts.account_code,
        coalesce(
            accounts.account_name,
            case when compared.account_id = '{{ current_year_earnings() }}' then 'current_year_earnings' end
        ) as account_name,
        accounts.account_class,
        accounts.account_type,
        cast(compared.warehouse_amount as decimal(18, 4)) as warehouse_amount,
        cast(compared.xero_amount as decimal(18, 4)) as xero_amount,
        cast(compared.warehouse_amount - compared.xero_amount as decimal(18, 4)) as difference,
        cast(
            coalesce(explanations.report_sign * explanations.explained_base, 0)
            as decimal(18, 4)
        ) as explained_amount,
        cast(
            compared.warehouse_amount - compared.xero_amount
            - coalesce(explanations.report_sign * explanations.explained_base, 0)
            as decimal(18, 4)
        ) as unexplained_amount,
        abs(
            compared.warehouse_amount - compared.xero_amount
            - coalesce(explanations.report_sign * explanations.explained_base, 0)
        ) <= 0.01 as is_reconciled,
        case
            when explanations.changed_base <> 0 then 'changed_since_read'
            when explanations.cause_base <> 0 then explanations.first_cause
            when explanations.conversion_base <> 0 then 'conversion_balance'
        end as cause,
        nullif(
            concat(
                case
                    when explanations.conversion_base <> 0
                        then
                            cast(explanations.report_sign * explanations.conversion_base as {{ dbt.type_string() }})
                            || ' taken over from the books before Xero. '
                    else ''
                end,
                case
                    when explanations.changed_base <> 0
                        then
                            cast(explanations.report_sign * explanations.changed_base as {{ dbt.type_string() }})
                            || ' by records that changed after the report was read. '
                    else ''
                end,
                case
                    when explanations.cause_base <> 0
                        then
                            cast(explanations.report_sign * explanations.cause_base as {{ dbt.type_string() }})
                            || ' by ' || replace(explanations.first_cause, '_', ' ')
                            || coalesce(' and ' || replace(explanations.other_cause, '_', ' '), '')
                            || ', which is in no record that can be read.'
                    else ''
                end
            ),
            ''
        ) as explanation,
        cast(compared.xero_read_at as timestamp) as xero_read_at
    from compared
    left join summed as explanations
        on
            compared.tenant_id = explanations.tenant_id
            and compared.report = explanations.report
            and compared.period = explanations.period
            and compared.account_id = explanations.account_id
    left join accounts
        on
            compared.tenant_id = accounts.tenant_id
            and compared.account_id = accounts.account_id
    where compared.warehouse_amount <> 0 or compared.xero_amount <> 0

)

select * from final
