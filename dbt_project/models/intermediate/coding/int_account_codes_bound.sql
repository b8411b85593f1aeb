{#-
    What a code that another system holds means: the account that bears it or, where none does any
    more, the account that bore it last. An account that changed its code is followed by its id.
-#}
with borne_now as (

    select * from {{ ref('int_account_codes_resolved') }}

),

accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

last_bearers as (

    select
        tenant_id,
        account_code,
        account_id,
        row_number() over (
            partition by tenant_id, account_code
            order by valid_from desc, account_id asc
        ) as choice
    from {{ ref('stg_xero__account_versions') }}
    where account_code is not null and not is_deleted

),

former as (

    select
        last_bearers.tenant_id,
        last_bearers.account_code,
        last_bearers.account_id
    from last_bearers
    left join borne_now
        on
            last_bearers.tenant_id = borne_now.tenant_id
            and last_bearers.account_code = borne_now.account_code
    where last_bearers.choice = 1 and borne_now.account_code is null

),

bound as (

    select
        tenant_id,
        account_code,
        account_id,
        false as is_former_code
    from borne_now
    where account_id is not null
    union all
    select
        tenant_id,
        account_code,
        account_id,
        true as is_former_code
    from former

),

final as (

    select
        bound.tenant_id,
        bound.account_code as stated_code,
        bound.account_id,
        bound.is_former_code,
        accounts.account_code,
        accounts.account_name
    from bound
    inner join accounts
        on
            bound.tenant_id = accounts.tenant_id
            and bound.account_id = accounts.account_id

)

select * from final
