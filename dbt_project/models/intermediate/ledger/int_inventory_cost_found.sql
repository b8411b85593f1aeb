{#- In the columns, and their order, of cost_of_sales_by_analysis_code. -#}
with reconciliation as (

    select * from {{ ref('reconciliation') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

report_codes as (

    select * from {{ ref('int_report_codes_bound') }}

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

months as (

    select * from {{ ref('int_financial_months_dated') }}

),

-- The cost that Xero posts by itself for what was sold of tracked items is in no record: it is what its profit and
-- loss has more than the records bring, where the inventory accounts account for it.
final as (

    select
        reconciliation.tenant_id,
        cast(date_trunc('month', reconciliation.period) as date) as month,
        accounts.analysis_code,
        'tracked_inventory' as source_type,
        accounts.account_name as analysis_name,
        coalesce(report_codes.report_as_code, accounts.analysis_code) as report_as_code,
        accounts.account_class,
        accounts.account_type,
        organisations.base_currency,
        months.financial_year,
        months.financial_period,
        reconciliation.explained_amount as net_amount_base,
        cast(0 as bigint) as line_count,
        cast(0 as bigint) as document_count
    from reconciliation
    inner join accounts
        on
            reconciliation.tenant_id = accounts.tenant_id
            and reconciliation.account_id = accounts.account_id
    inner join organisations
        on reconciliation.tenant_id = organisations.tenant_id
    left join report_codes
        on
            reconciliation.tenant_id = report_codes.tenant_id
            and reconciliation.account_id = report_codes.account_id
            and reconciliation.period >= report_codes.valid_from
            and reconciliation.period <= report_codes.valid_to
            and reconciliation.period < report_codes.superseded_from
    left join months
        on
            reconciliation.tenant_id = months.tenant_id
            and reconciliation.period = months.month_end
    where
        reconciliation.report = 'profit_and_loss'
        and reconciliation.cause = 'tracked_inventory'
        and reconciliation.account_type = 'DIRECTCOSTS'
        and reconciliation.explained_amount <> 0

)

select * from final
