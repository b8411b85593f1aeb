{{ config(materialized='view') }}

with accounts as (
    select *
    from {{ explode_with_position(ref('stg_xero__budgets'), 'budget_lines', 'line', 'line_number') }} as accounts
),

periods as (
    select
        *,
        line.BudgetBalances as balances
    from accounts
),

exploded as (
    select * from {{ explode_with_position('periods', 'balances', 'balance', 'balance_number') }} as exploded
),

renamed as (
    select
        tenant_id,
        budget_id,
        line.AccountID as account_id,
        line.AccountCode as account_code,
        {{ calendar_date("balance.Period || '-01'") }} as month,
        balance.Amount as amount,
        is_deleted,
        record_updated_at,
        extracted_at
    from exploded
)

select * from renamed
