{{ config(materialized='table') }}

with cleared as (

    select
        *,
        case when (side = 'sales') <> is_credit then 1 else -1 end as money_sign
    from {{ ref('int_settlements_cleared') }}

),

documents as (

    select * from {{ ref('int_documents_unified') }}

),

reversed as (

    select * from {{ ref('int_advance_postings_reversed') }}

),

accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

system_accounts as (

    select * from {{ ref('int_system_accounts_named') }}

),

-- What is owed by a document, or back by a credit, becomes less.
controls as (

    select
        cleared.tenant_id,
        cleared.settlement_id,
        cleared.settlement_type,
        'control-' || cleared.document_id as posting_id,
        'control' as posting_kind,
        cleared.document_id,
        cast(null as {{ dbt.type_string() }}) as line_id,
        cleared.settled_on as posting_date,
        case
            when cleared.side = 'sales' then system_accounts.debtors_account_id
            else system_accounts.creditors_account_id
        end as account_id,
        cleared.contact_id,
        cleared.currency_code,
        -cleared.money_sign * cleared.amount as net_amount,
        -cleared.money_sign * cleared.cleared_base as net_amount_base,
        {{ no_ledger_tracking() }}
    from cleared
    inner join system_accounts
        on cleared.tenant_id = system_accounts.tenant_id
    where cleared.document_type in ('invoice', 'credit_note', 'bill', 'bill_credit_note')

),

advances as (

    select
        tenant_id,
        settlement_id,
        settlement_type,
        posting_kind || '-' || document_id || '-' || posting_id as posting_id,
        posting_kind,
        document_id,
        line_id,
        settled_on as posting_date,
        account_id,
        contact_id,
        currency_code,
        net_amount,
        net_amount_base,
        {{ ledger_tracking_columns() }}
    from reversed

),

-- The bank account's own currency says what BankAmount is in. A refund of an advance goes out where it came in.
banks as (

    select
        cleared.tenant_id,
        cleared.settlement_id,
        cleared.settlement_type,
        'bank' as posting_id,
        'bank' as posting_kind,
        cleared.document_id,
        cast(null as {{ dbt.type_string() }}) as line_id,
        cleared.settled_on as posting_date,
        coalesce(cleared.account_id, 'none') as account_id,
        cleared.contact_id,
        case
            when coalesce(accounts.currency_code, cleared.base_currency) = cleared.base_currency
                then cleared.base_currency
            else accounts.currency_code
        end as currency_code,
        case
            when cleared.document_type in ('prepayment', 'overpayment') then -cleared.money_sign
            else cleared.money_sign
        end * coalesce(cleared.bank_amount, cleared.amount) as net_amount,
        case
            when cleared.document_type in ('prepayment', 'overpayment') then -cleared.money_sign
            else cleared.money_sign
        end * case
            when coalesce(accounts.currency_code, cleared.base_currency) <> cleared.base_currency
                then {{ to_base('coalesce(cleared.bank_amount, cleared.amount)', 'cleared.settled_rate') }}
            when cleared.bank_amount is not null then round(cleared.bank_amount, 2)
            else {{ to_base('cleared.amount', 'cleared.settled_rate') }}
        end as net_amount_base,
        {{ no_ledger_tracking() }}
    from cleared
    left join accounts
        on
            cleared.tenant_id = accounts.tenant_id
            and cleared.account_id = accounts.account_id
    where cleared.settlement_type = 'payment'

),

stated as (

    select * from controls
    union all
    select * from advances
    union all
    select * from banks

),

-- What the money was worth more or less than the balance it cleared, on the day it did.
gains as (

    select
        stated.tenant_id,
        stated.settlement_id,
        max(stated.settlement_type) as settlement_type,
        'gain' as posting_id,
        'gain' as posting_kind,
        max(stated.document_id) as document_id,
        cast(null as {{ dbt.type_string() }}) as line_id,
        max(stated.posting_date) as posting_date,
        system_accounts.realisedcurrencygain_account_id as account_id,
        max(stated.contact_id) as contact_id,
        system_accounts.base_currency as currency_code,
        -sum(stated.net_amount_base) as net_amount,
        -sum(stated.net_amount_base) as net_amount_base,
        {{ no_ledger_tracking() }}
    from stated
    inner join system_accounts
        on stated.tenant_id = system_accounts.tenant_id
    group by
        stated.tenant_id, stated.settlement_id, system_accounts.realisedcurrencygain_account_id,
        system_accounts.base_currency
    having sum(stated.net_amount_base) <> 0

),

postings as (

    select * from stated
    union all
    select * from gains

),

final as (

    select
        postings.tenant_id,
        postings.settlement_type as source_type,
        postings.settlement_id as source_id,
        postings.posting_id,
        postings.posting_kind,
        postings.document_id,
        postings.line_id,
        postings.posting_date,
        postings.account_id,
        postings.contact_id,
        case postings.settlement_type when 'payment' then 'Payment of ' else 'Allocation of ' end
        || documents.document_label as description,
        postings.currency_code,
        cast(postings.net_amount as decimal(18, 4)) as net_amount,
        cast(postings.net_amount_base as decimal(18, 4)) as net_amount_base,
        {{ ledger_tracking_columns('postings') }}
    from postings
    inner join documents
        on
            postings.tenant_id = documents.tenant_id
            and postings.document_id = documents.document_id

)

select * from final
