with accounts as (

    select
        *,
        account_status = 'ACTIVE' as is_active,
        coalesce(account_status, 'ACTIVE') <> 'DELETED' as is_present
    from {{ ref('int_accounts_classified') }}
    where account_code is not null

),

-- A code means the account in use that bears it or, where none is in use, the only one that has it.
-- Where two could be meant, it means none: a guess would move money to another line of the report.
counted as (

    select
        tenant_id,
        account_code,
        sum(case when is_present then 1 else 0 end) as holder_count,
        sum(case when is_active then 1 else 0 end) as active_count,
        case
            when sum(case when is_active then 1 else 0 end) = 1
                then max(case when is_active then account_id end)
            when sum(case when is_active then 1 else 0 end) > 1 then null
            when sum(case when is_present then 1 else 0 end) = 1
                then max(case when is_present then account_id end)
            when sum(case when is_present then 1 else 0 end) = 0 and count(*) = 1 then max(account_id)
        end as account_id,
        max(extracted_at) as extracted_at
    from accounts
    group by tenant_id, account_code

),

final as (

    select
        counted.tenant_id,
        counted.account_code,
        counted.account_id,
        accounts.account_name,
        case
            when counted.active_count > 0 then 'ok'
            when counted.holder_count > 0 then 'archived'
            else 'unknown'
        end as code_status,
        cast(counted.holder_count as bigint) as holder_count,
        counted.extracted_at
    from counted
    left join accounts
        on
            counted.tenant_id = accounts.tenant_id
            and counted.account_id = accounts.account_id

)

select * from final
