{#- What each account code is good for on an item. A code may have been used before: the account in use counts. -#}
with accounts as (

    select
        tenant_id,
        account_code,
        account_id
    from (
        select
            *,
            row_number() over (
                partition by tenant_id, account_code
                order by case when account_status = 'ACTIVE' and not is_deleted then 0 else 1 end, account_id
            ) as choice
        from {{ ref('stg_xero__accounts') }}
        where account_code is not null
    ) as ranked
    where choice = 1

),

-- What may be an item's account: income for sales; cost or stock for purchases.
final as (

    select
        accounts.tenant_id,
        accounts.account_code,
        max(case when roles.role = 'REVENUE' then roles.rule end) as sales_rule,
        max(case when roles.role = 'REVENUE' then roles.message end) as sales_message,
        max(case when roles.role = 'REVENUE' then roles.remedy end) as sales_remedy,
        case
            when min(case when roles.role in ('EXPENSE', 'INVENTORY') and roles.rule is null then 0 else 1 end) = 1
                then max(case when roles.role = 'EXPENSE' then roles.rule end)
        end as purchase_rule,
        max(case when roles.role = 'EXPENSE' then roles.message end) as purchase_message,
        max(case when roles.role = 'EXPENSE' then roles.remedy end) as purchase_remedy
    from accounts
    inner join {{ ref('int_account_roles_checked') }} as roles
        on
            accounts.tenant_id = roles.tenant_id
            and accounts.account_id = roles.account_id
    group by accounts.tenant_id, accounts.account_code

)

select * from final
