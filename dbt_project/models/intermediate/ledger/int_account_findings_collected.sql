with account_codes as (

    select * from {{ ref('int_account_codes_resolved') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

-- Two names are enough to find the accounts; a third shares the code with them.
sharing as (

    select
        account_codes.tenant_id,
        account_codes.account_code,
        account_codes.holder_count,
        account_codes.account_id,
        account_codes.account_name as account_in_use,
        min(accounts.account_name) as one_name,
        max(accounts.account_name) as other_name,
        max(accounts.extracted_at) as first_seen_at
    from account_codes
    inner join accounts
        on
            account_codes.tenant_id = accounts.tenant_id
            and account_codes.account_code = accounts.account_code
    where account_codes.holder_count > 1 and accounts.account_status <> 'DELETED'
    group by
        account_codes.tenant_id, account_codes.account_code, account_codes.holder_count, account_codes.account_id,
        account_codes.account_name

),

final as (

    select
        tenant_id,
        'account_code_shared' as rule,
        'warning' as severity,
        'account_code' as record_type,
        account_code as record_id,
        account_code as record_label,
        'Account code ' || account_code || ' belongs to ' || cast(holder_count as {{ dbt.type_string() }})
        || ' accounts, among them ' || one_name || ' and ' || other_name || '. A report by code shows them as one'
        || coalesce(' (' || account_in_use || ')', '')
        || case when account_id is null then ', and a line that gives only the code cannot be placed' else '' end
        || '. Give each account its own code in Xero.' as message,
        cast(null as decimal(18, 4)) as amount_base,
        first_seen_at
    from sharing

)

select * from final
