{{ config(materialized='table') }}

with ledger_lines as (

    select * from {{ ref('ledger_lines') }}

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

-- A year that ends on 5 April ends within a month, so that a month may hold movements of two years.
dated as (

    select
        ledger_lines.tenant_id,
        ledger_lines.account_id,
        {{ month_of('ledger_lines.posting_date') }} as month,
        {{ financial_year_of('ledger_lines.posting_date') }} as financial_year,
        ledger_lines.net_amount_base
    from ledger_lines
    inner join organisations
        on ledger_lines.tenant_id = organisations.tenant_id

),

final as (

    select
        tenant_id,
        account_id,
        month,
        financial_year,
        cast(sum(net_amount_base) as decimal(18, 4)) as net_amount_base
    from dated
    group by tenant_id, account_id, month, financial_year

)

select * from final
