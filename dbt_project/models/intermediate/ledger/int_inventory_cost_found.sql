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
-- loss has more than the records bring, where the inventory accounts account for it; or its journals, where they are
-- read.
found as (

    select
        tenant_id,
        period,
        account_id,
        explained_amount as cost_base
    from reconciliation
    where report = 'profit_and_loss' and cause = 'tracked_inventory'
    union all
    select
        compared.tenant_id,
        months.month_end as period,
        compared.account_id,
        -compared.inventory_base as cost_base
    from {{ ref('int_ledger_bases_compared') }} as compared
    inner join months
        on
            compared.tenant_id = months.tenant_id
            and compared.month = months.month

),

final as (

    select
        found.tenant_id,
        {{ month_of('found.period') }} as month,
        accounts.analysis_code,
        'tracked_inventory' as source_type,
        accounts.account_name as analysis_name,
        coalesce(report_codes.report_as_code, accounts.analysis_code) as report_as_code,
        accounts.account_class,
        accounts.account_type,
        organisations.base_currency,
        months.financial_year,
        months.financial_period,
        found.cost_base as net_amount_base,
        cast(0 as bigint) as line_count,
        cast(0 as bigint) as document_count
    from found
    inner join accounts
        on
            found.tenant_id = accounts.tenant_id
            and found.account_id = accounts.account_id
    inner join organisations
        on found.tenant_id = organisations.tenant_id
    left join report_codes
        on
            found.tenant_id = report_codes.tenant_id
            and found.account_id = report_codes.account_id
            and found.period >= report_codes.valid_from
            and found.period <= report_codes.valid_to
            and found.period < report_codes.superseded_from
    left join months
        on
            found.tenant_id = months.tenant_id
            and found.period = months.month_end
    where accounts.account_type = 'DIRECTCOSTS' and found.cost_base <> 0

)

select * from final
