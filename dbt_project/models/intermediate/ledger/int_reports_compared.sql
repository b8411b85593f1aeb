{#- Xero's own id for the row that is no account. -#}
{%- set xero_earnings = 'abababab-abab-abab-abab-abababababab' -%}

with explained as (

    select * from {{ ref('int_reconciliation_differences_explained') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

trial_balance as (

    select
        tenant_id,
        'trial_balance' as report,
        month_end as period,
        account_id,
        warehouse_base as warehouse_amount,
        xero_base as xero_amount,
        xero_read_at
    from explained
    where basis = 'balance'

),

-- Xero's own reports of both kinds, in our signs, beside ours.
statements_in_xero as (

    select
        statement_rows.tenant_id,
        'profit_and_loss' as report,
        statement_rows.month_end as period,
        statement_rows.account_id,
        case when accounts.account_class = 'REVENUE' then statement_rows.amount else -statement_rows.amount end
            as xero_amount,
        cast(0 as decimal(18, 4)) as warehouse_amount,
        statement_rows.extracted_at
    from {{ ref('stg_xero__profit_and_loss_rows') }} as statement_rows
    left join accounts
        on
            statement_rows.tenant_id = accounts.tenant_id
            and statement_rows.account_id = accounts.account_id
    where not statement_rows.is_deleted and statement_rows.amount is not null
    union all
    select
        tenant_id,
        'balance_sheet' as report,
        month_end as period,
        case when account_id = '{{ xero_earnings }}' then '{{ current_year_earnings() }}' else account_id end
            as account_id,
        amount as xero_amount,
        cast(0 as decimal(18, 4)) as warehouse_amount,
        extracted_at
    from {{ ref('stg_xero__balance_sheet_rows') }}
    where not is_deleted and amount is not null

),

reports_read as (

    select
        tenant_id,
        report,
        period,
        max(extracted_at) as xero_read_at
    from statements_in_xero
    group by tenant_id, report, period

),

statements_in_warehouse as (

    select
        profit_and_loss.tenant_id,
        'profit_and_loss' as report,
        months.month_end as period,
        profit_and_loss.account_id,
        profit_and_loss.net_amount_base as warehouse_amount
    from {{ ref('profit_and_loss') }} as profit_and_loss
    inner join {{ ref('int_financial_months_dated') }} as months
        on
            profit_and_loss.tenant_id = months.tenant_id
            and profit_and_loss.month = months.month
    union all
    select
        tenant_id,
        'balance_sheet' as report,
        month_end as period,
        account_id,
        balance_base as warehouse_amount
    from {{ ref('balance_sheet') }}

),

statement_amounts as (

    select
        tenant_id,
        report,
        period,
        account_id,
        warehouse_amount,
        xero_amount
    from statements_in_xero
    union all
    select
        tenant_id,
        report,
        period,
        account_id,
        warehouse_amount,
        cast(0 as decimal(18, 4)) as xero_amount
    from statements_in_warehouse

),

compared as (

    select
        statement_amounts.tenant_id,
        statement_amounts.report,
        statement_amounts.period,
        statement_amounts.account_id,
        sum(statement_amounts.warehouse_amount) as warehouse_amount,
        sum(statement_amounts.xero_amount) as xero_amount,
        max(reports_read.xero_read_at) as xero_read_at
    from statement_amounts
    inner join reports_read
        on
            statement_amounts.tenant_id = reports_read.tenant_id
            and statement_amounts.report = reports_read.report
            and statement_amounts.period = reports_read.period
    group by
        statement_amounts.tenant_id, statement_amounts.report, statement_amounts.period,
        statement_amounts.account_id
    union all
    select
        tenant_id,
        report,
        period,
        account_id,
        warehouse_amount,
        xero_amount,
        xero_read_at
    from trial_balance

)

select * from compared
