{{ config(materialized='table') }}

with documents as (

    select
        *,
        -- 1 where money is to come or has come in.
        case when (side = 'sales') <> is_credit then 1 else -1 end as money_sign,
        {{ to_base('total', 'currency_rate') }} as total_base
    from {{ ref('int_documents_unified') }}
    where is_posted and document_type is not null and document_date is not null and currency_rate is not null

),

system_accounts as (

    select * from {{ ref('int_system_accounts_named') }}

),

lines as (

    select
        *,
        case when side = 'sales' then -1 else 1 end as debit_sign
    from {{ ref('int_document_lines_tracked') }}
    where is_posted

),

-- What is owed, or what came in or went out: a manual journal has neither.
totals as (

    select
        documents.tenant_id,
        documents.document_id,
        'total' as posting_kind,
        cast(null as {{ dbt.type_string() }}) as line_id,
        case
            when documents.document_type in ('bank_transaction', 'prepayment', 'overpayment')
                then coalesce(documents.bank_account_id, 'none')
            when documents.side = 'sales' then system_accounts.debtors_account_id
            else system_accounts.creditors_account_id
        end as account_id,
        documents.money_sign * documents.total as net_amount,
        documents.money_sign * documents.total_base as net_amount_base
    from documents
    inner join system_accounts
        on documents.tenant_id = system_accounts.tenant_id
    where documents.document_type <> 'manual_journal'

),

-- An overpayment stands on receivables or payables from the start, without tax, whatever its lines say.
overpaid as (

    select
        documents.tenant_id,
        documents.document_id,
        'overpaid' as posting_kind,
        cast(null as {{ dbt.type_string() }}) as line_id,
        case
            when documents.side = 'sales' then system_accounts.debtors_account_id
            else system_accounts.creditors_account_id
        end as account_id,
        -documents.money_sign * documents.total as net_amount,
        -documents.money_sign * documents.total_base as net_amount_base
    from documents
    inner join system_accounts
        on documents.tenant_id = system_accounts.tenant_id
    where documents.document_type = 'overpayment'

),

line_sides as (

    select
        lines.tenant_id,
        lines.document_id,
        'line' as posting_kind,
        lines.line_id,
        coalesce(lines.account_id, 'none') as account_id,
        lines.debit_sign * lines.net_amount as net_amount,
        lines.debit_sign * lines.net_amount_base as net_amount_base
    from lines
    inner join documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_id = documents.document_id
    where documents.document_type <> 'overpayment'
    union all
    select
        lines.tenant_id,
        lines.document_id,
        'tax' as posting_kind,
        lines.line_id,
        system_accounts.gst_account_id as account_id,
        lines.debit_sign * lines.tax_amount as net_amount,
        lines.debit_sign * lines.tax_amount_base as net_amount_base
    from lines
    inner join documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_id = documents.document_id
    inner join system_accounts
        on lines.tenant_id = system_accounts.tenant_id
    where documents.document_type <> 'overpayment'

),

stated as (

    select * from totals
    union all
    select * from overpaid
    union all
    select * from line_sides

),

-- Each amount is rounded by itself, so that half a cent each is the most that rounding can leave. More than that is
-- something unread (a line without a readable amount, a document without lines): it is shown on no account.
left_over as (

    select
        stated.tenant_id,
        stated.document_id,
        'rounding' as posting_kind,
        cast(null as {{ dbt.type_string() }}) as line_id,
        case
            when abs(sum(stated.net_amount_base)) <= 0.005 * count(*) and count(stated.net_amount_base) = count(*)
                then system_accounts.rounding_account_id
            else 'none'
        end as account_id,
        -sum(stated.net_amount) as net_amount,
        -sum(stated.net_amount_base) as net_amount_base
    from stated
    inner join system_accounts
        on stated.tenant_id = system_accounts.tenant_id
    group by stated.tenant_id, stated.document_id, system_accounts.rounding_account_id
    having sum(stated.net_amount_base) <> 0

),

postings as (

    select * from stated
    where net_amount_base <> 0
    union all
    select * from left_over

),

final as (

    select
        postings.tenant_id,
        documents.document_type,
        {{ source_type_of('documents.document_type') }} as source_type,
        postings.document_id as source_id,
        postings.posting_kind || coalesce('-' || postings.line_id, '') as posting_id,
        postings.posting_kind,
        postings.line_id,
        documents.document_date as posting_date,
        postings.account_id,
        documents.contact_id,
        documents.document_label as description,
        documents.currency_code,
        cast(postings.net_amount as decimal(18, 4)) as net_amount,
        cast(postings.net_amount_base as decimal(18, 4)) as net_amount_base
    from postings
    inner join documents
        on
            postings.tenant_id = documents.tenant_id
            and postings.document_id = documents.document_id

)

select * from final
