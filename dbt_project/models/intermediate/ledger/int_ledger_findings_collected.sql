with compared as (

    select
        *,
        documents_base - journal_base - sourceless_base - inventory_base as unexplained_base
    from {{ ref('int_ledger_bases_compared') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

latest as (

    select
        tenant_id,
        max(extracted_at) as extracted_at
    from {{ ref('int_ledger_bases_compared') }}
    group by tenant_id

),

final as (

    select
        compared.tenant_id,
        'ledger_bases_differ' as rule,
        'error' as severity,
        'account' as record_type,
        compared.account_id || '/' || cast(compared.month as {{ dbt.type_string() }}) as record_id,
        coalesce(accounts.account_name, compared.account_id) as record_label,
        'Account ' || coalesce(accounts.account_code || ' ', '') || coalesce(accounts.account_name, compared.account_id)
        || ' moves by ' || cast(cast(compared.journal_base as decimal(18, 2)) as {{ dbt.type_string() }})
        || ' in the month of ' || cast(compared.month as {{ dbt.type_string() }})
        || {{ text_literal(" by Xero's journals, which reports follow, and by ") }}
        || cast(cast(compared.documents_base as decimal(18, 2)) as {{ dbt.type_string() }})
        || ' by the documents; nothing explains '
        || cast(cast(compared.unexplained_base as decimal(18, 2)) as {{ dbt.type_string() }})
        || '. Read both again (`xero-crm sync --full`); if it stays, look for the document in Xero.' as message,
        compared.unexplained_base as amount_base,
        coalesce(compared.extracted_at, latest.extracted_at) as first_seen_at
    from compared
    inner join latest
        on compared.tenant_id = latest.tenant_id
    left join accounts
        on
            compared.tenant_id = accounts.tenant_id
            and compared.account_id = accounts.account_id
    where compared.unexplained_base <> 0

)

select * from final
