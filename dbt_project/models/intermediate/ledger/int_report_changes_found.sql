with reports as (

    select * from {{ ref('int_reports_dated') }}

),

versions as (

    select
        *,
        lead(changed_at) over (
            partition by tenant_id, record_table, document_id order by version_number
        ) as superseded_at
    from {{ ref('stg_xero__document_versions') }}

),

posted as (

    select * from {{ ref('int_document_versions_posted') }}

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

system_accounts as (

    select * from {{ ref('int_system_accounts_named') }}

),

bases as (

    select * from {{ ref('int_ledger_bases_chosen') }}

),

-- Of a record that changed after the report was read: what it posts now, less what it posted then.
compared as (

    select
        reports.tenant_id,
        reports.month_end,
        versions.record_table,
        versions.document_id,
        versions.version_number,
        versions.document_date,
        case when versions.superseded_at is null then 1 else -1 end as version_sign
    from reports
    inner join bases
        on reports.tenant_id = bases.tenant_id
    inner join versions
        on reports.tenant_id = versions.tenant_id
    where
        bases.basis = 'documents'
        and versions.document_date <= reports.month_end
        and (
            (versions.superseded_at is null and versions.changed_at > reports.read_at)
            or (versions.changed_at <= reports.read_at and versions.superseded_at > reports.read_at)
        )

),

from_documents as (

    select
        compared.tenant_id,
        compared.month_end,
        compared.document_date as posting_date,
        posted.account_id,
        compared.version_sign * posted.net_amount_base as changed_base
    from compared
    inner join posted
        on
            compared.tenant_id = posted.tenant_id
            and compared.record_table = posted.record_table
            and compared.document_id = posted.document_id
            and compared.version_number = posted.version_number
    where posted.is_understood

),

-- Journals never change: what was made after the report was read is what it lacks.
from_journals as (

    select
        reports.tenant_id,
        reports.month_end,
        journals.journal_date as posting_date,
        journals.account_id,
        journals.net_amount as changed_base
    from reports
    inner join bases
        on reports.tenant_id = bases.tenant_id
    inner join {{ ref('stg_xero__journal_lines') }} as journals
        on
            reports.tenant_id = journals.tenant_id
            and reports.month_end >= journals.journal_date
            and reports.read_at < journals.record_updated_at
    where bases.basis = 'journal' and not journals.is_deleted

),

changes as (

    select * from from_documents
    union all
    select * from from_journals

),

-- As in a trial balance: what earlier years earned stands in retained earnings.
placed as (

    select
        changes.tenant_id,
        changes.month_end,
        'balance' as basis,
        case
            when
                accounts.account_class in ('REVENUE', 'EXPENSE')
                and {{ financial_year_of('changes.posting_date') }} < {{ financial_year_of('changes.month_end') }}
                then system_accounts.retainedearnings_account_id
            else changes.account_id
        end as account_id,
        changes.changed_base
    from changes
    inner join organisations
        on changes.tenant_id = organisations.tenant_id
    inner join system_accounts
        on changes.tenant_id = system_accounts.tenant_id
    left join accounts
        on
            changes.tenant_id = accounts.tenant_id
            and changes.account_id = accounts.account_id
    union all
    select
        tenant_id,
        month_end,
        'movement' as basis,
        account_id,
        changed_base
    from changes
    where {{ month_of('posting_date') }} = {{ month_of('month_end') }}

),

final as (

    select
        tenant_id,
        month_end,
        basis,
        account_id,
        cast(sum(changed_base) as decimal(18, 4)) as changed_base
    from placed
    group by tenant_id, month_end, basis, account_id
    having sum(changed_base) <> 0

)

select * from final
