with transfers as (

    select * from {{ ref('stg_xero__bank_transfers') }}
    -- A transfer without a status is of before there were any.
    where coalesce(transfer_status, 'AUTHORISED') = 'AUTHORISED' and not is_deleted and transfer_date is not null

),

accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

currencies as (

    select
        transfers.tenant_id,
        transfers.bank_transfer_id,
        transfers.transfer_date,
        transfers.reference,
        transfers.from_account_id,
        transfers.to_account_id,
        transfers.amount,
        transfers.currency_rate,
        organisations.base_currency,
        coalesce(from_accounts.currency_code, organisations.base_currency) as from_currency,
        coalesce(to_accounts.currency_code, organisations.base_currency) as to_currency
    from transfers
    inner join organisations
        on transfers.tenant_id = organisations.tenant_id
    left join accounts as from_accounts
        on
            transfers.tenant_id = from_accounts.tenant_id
            and transfers.from_account_id = from_accounts.account_id
    left join accounts as to_accounts
        on
            transfers.tenant_id = to_accounts.tenant_id
            and transfers.to_account_id = to_accounts.account_id

),

-- The amount is in the currency of the account that it leaves; the rate is that of whichever account is foreign.
valued as (

    select
        *,
        case
            when from_currency = base_currency then amount
            else {{ to_base('amount', 'currency_rate') }}
        end as amount_base,
        case
            when to_currency = from_currency then amount
            when to_currency = base_currency then {{ to_base('amount', 'currency_rate') }}
            else round(cast(amount as {{ wide_decimal(4) }}) * cast(currency_rate as {{ wide_decimal(6) }}), 2)
        end as arrived
    from currencies

),

final as (

    {% for end, sign, amount in [('from', '-', 'amount'), ('to', '', 'arrived')] %}
    select
        tenant_id,
        'bank_transfer' as source_type,
        bank_transfer_id as source_id,
        '{{ end }}' as posting_id,
        transfer_date as posting_date,
        {{ end }}_account_id as account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        'Transfer' || coalesce(': ' || nullif(reference, ''), '') as description,
        {{ end }}_currency as currency_code,
        cast({{ sign }}{{ amount }} as decimal(18, 4)) as net_amount,
        cast({{ sign }}amount_base as decimal(18, 4)) as net_amount_base
    from valued
    where amount_base is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
