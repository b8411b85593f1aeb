{{ config(materialized='table') }}

with bases as (

    select * from {{ ref('int_ledger_bases_chosen') }}
    where basis = 'journal'

),

derived as (

    select
        lines.tenant_id,
        lines.posting_date,
        lines.account_id,
        lines.net_amount_base
    from {{ ref('int_ledger_lines_derived') }} as lines
    inner join bases
        on lines.tenant_id = bases.tenant_id

),

journals as (

    select * from {{ ref('int_journal_lines_posted') }}

),

named as (

    select * from {{ ref('int_reconciliation_causes_named') }}

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

begun as (

    select
        tenant_id,
        min(posting_date) as begun_on
    from derived
    group by tenant_id

),

-- What Xero posts without a record that can be read, and why.
causes as (

    select
        journals.*,
        case
            when journals.source_type <> 'journal' then null
            when journals.source_type_code in ('EXPCLAIM', 'EXPPAYMENT') then 'expense_claims'
            when
                journals.source_type_code in ('PAYSLIP', 'WAGEPAYABLE')
                or journals.source_type_code like 'INTEGRATEDPAYROLL%'
                then 'payroll'
            when journals.posting_date <= begun.begun_on then 'conversion_balance'
            else 'posted_by_xero'
        end as cause
    from journals
    left join begun
        on journals.tenant_id = begun.tenant_id

),

both_bases as (

    select
        tenant_id,
        {{ month_of('posting_date') }} as month,
        account_id,
        net_amount_base as documents_base,
        cast(0 as decimal(18, 4)) as journal_base,
        cast(0 as decimal(18, 4)) as sourceless_base,
        cast(null as {{ dbt.type_string() }}) as cause,
        cast(null as timestamp) as extracted_at
    from derived
    union all
    select
        tenant_id,
        {{ month_of('posting_date') }} as month,
        account_id,
        cast(0 as decimal(18, 4)) as documents_base,
        net_amount_base as journal_base,
        case when cause is null then 0 else net_amount_base end as sourceless_base,
        cause,
        extracted_at
    from causes

),

summed as (

    select
        tenant_id,
        month,
        account_id,
        sum(documents_base) as documents_base,
        sum(journal_base) as journal_base,
        -sum(sourceless_base) as sourceless_base,
        min(cause) as first_cause,
        max(cause) as last_cause,
        max(extracted_at) as extracted_at
    from both_bases
    group by tenant_id, month, account_id

),

-- The cost of what was sold of tracked items goes from one of its accounts to the other, so that it explains only
-- what comes to nothing over all of them in the month.
stocked as (

    select
        summed.tenant_id,
        summed.month,
        summed.account_id,
        sum(summed.documents_base - summed.journal_base - summed.sourceless_base) over (
            partition by summed.tenant_id, summed.month
        ) = 0 as is_explained
    from summed
    inner join named
        on
            summed.tenant_id = named.tenant_id
            and summed.account_id = named.account_id
    where named.cause = 'tracked_inventory'

),

final as (

    select
        summed.tenant_id,
        summed.month,
        summed.account_id,
        organisations.base_currency,
        cast(summed.documents_base as decimal(18, 4)) as documents_base,
        cast(summed.journal_base as decimal(18, 4)) as journal_base,
        cast(summed.sourceless_base as decimal(18, 4)) as sourceless_base,
        cast(
            case
                when stocked.is_explained then summed.documents_base - summed.journal_base - summed.sourceless_base
                else 0
            end as decimal(18, 4)
        ) as inventory_base,
        summed.first_cause,
        nullif(summed.last_cause, summed.first_cause) as other_cause,
        summed.extracted_at
    from summed
    inner join organisations
        on summed.tenant_id = organisations.tenant_id
    left join stocked
        on
            summed.tenant_id = stocked.tenant_id
            and summed.month = stocked.month
            and summed.account_id = stocked.account_id

)

select * from final
