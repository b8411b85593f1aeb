with organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

account_codes as (

    select * from {{ ref('int_account_codes_resolved') }}

),

items as (

    select * from {{ ref('stg_xero__items') }}
    where is_tracked_as_inventory

),

settings as (

    select * from {{ ref('stg_settings__reconciliation_causes') }}
    where not is_deleted

),

-- Xero revalues what is held and owed in foreign currencies at the date of each report, and posts no journal for it.
revalued as (

    select
        accounts.tenant_id,
        'currency_revaluation' as cause,
        accounts.account_id
    from accounts
    inner join organisations
        on accounts.tenant_id = organisations.tenant_id
    where
        accounts.system_account in ('UNREALISEDCURRENCYGAIN', 'BANKCURRENCYGAIN', 'DEBTORS', 'CREDITORS')
        or (accounts.account_type = 'BANK' and accounts.currency_code <> organisations.base_currency)

),

-- The cost of what was sold of a tracked item goes from its inventory account to its cost-of-sales account.
stocked as (

    {% for code in ['inventory_asset_account_code', 'cogs_account_code'] %}
    select
        items.tenant_id,
        'tracked_inventory' as cause,
        account_codes.account_id
    from items
    inner join account_codes
        on
            items.tenant_id = account_codes.tenant_id
            and items.{{ code }} = account_codes.account_code
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

stated as (

    select
        organisations.tenant_id,
        settings.cause,
        coalesce(nullif(settings.account_id, ''), account_codes.account_id) as account_id
    from settings
    inner join organisations
        on settings.tenant_id in (organisations.tenant_id, '*')
    left join account_codes
        on
            organisations.tenant_id = account_codes.tenant_id
            and settings.account_code = account_codes.account_code

),

final as (

    select * from revalued
    union distinct
    select * from stocked
    union distinct
    select * from stated

)

select * from final
where account_id is not null
