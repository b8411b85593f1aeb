{%- set columns = [
    'tenant_id', 'source_type', 'source_id', 'posting_id', 'posting_date', 'account_id', 'contact_id', 'description',
    'currency_code', 'net_amount', 'net_amount_base',
] -%}

with postings as (

    select
        {{ columns | join(', ') }},
        {{ ledger_tracking_columns() }}
    from {{ ref('int_document_postings_derived') }}
    union all
    select
        {{ columns | join(', ') }},
        {{ ledger_tracking_columns() }}
    from {{ ref('int_settlement_postings_derived') }}
    union all
    select
        {{ columns | join(', ') }},
        {{ no_ledger_tracking() }}
    from {{ ref('int_transfer_postings_derived') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

final as (

    select
        postings.tenant_id,
        postings.source_type,
        postings.source_id,
        postings.posting_id,
        postings.posting_date,
        postings.account_id,
        accounts.account_code,
        accounts.account_name,
        accounts.account_class,
        accounts.account_type,
        postings.contact_id,
        postings.description,
        postings.currency_code,
        postings.net_amount,
        postings.net_amount_base,
        {{ ledger_tracking_columns('postings') }},
        'documents' as basis
    from postings
    left join accounts
        on
            postings.tenant_id = accounts.tenant_id
            and postings.account_id = accounts.account_id

)

select * from final
