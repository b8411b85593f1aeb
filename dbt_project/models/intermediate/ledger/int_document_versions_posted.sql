{#- By Xero's type: the account of what is owed or paid (none: the bank's), and 1 where that is debited. -#}
{%- set types = {
    'ACCREC': ('debtors', 1),
    'ACCRECCREDIT': ('debtors', -1),
    'ACCPAY': ('creditors', -1),
    'ACCPAYCREDIT': ('creditors', 1),
    'RECEIVE': (none, 1),
    'SPEND': (none, -1),
    'MANUALJOURNAL': (none, -1),
    'ACCRECPAYMENT': ('debtors', 1),
    'ACCPAYPAYMENT': ('creditors', -1),
    'ARCREDITPAYMENT': ('debtors', -1),
    'APCREDITPAYMENT': ('creditors', 1),
} -%}

with system_accounts as (

    select * from {{ ref('int_system_accounts_named') }}

),

versions as (

    select
        versions.*,
        system_accounts.gst_account_id,
        system_accounts.rounding_account_id,
        versions.record_table = 'payments' as is_payment,
        case
            when versions.record_table = 'manual_journals' then 1
            when coalesce(versions.currency_code, system_accounts.base_currency) = system_accounts.base_currency
                then coalesce(versions.currency_rate, 1)
            else versions.currency_rate
        end as rate,
        case versions.type_code
            {% for code, (account, sign) in types.items() %}
            when '{{ code }}'
                then {{ 'system_accounts.' ~ account ~ '_account_id' if account else 'versions.bank_account_id' }}
            {% endfor %}
        end as total_account_id,
        case versions.type_code
            {% for code, (account, sign) in types.items() %}
            when '{{ code }}' then {{ sign }}
            {% endfor %}
        end as total_sign
    from {{ ref('stg_xero__document_versions') }} as versions
    inner join system_accounts
        on versions.tenant_id = system_accounts.tenant_id
    where versions.document_status in ('AUTHORISED', 'PAID', 'POSTED')

),

-- A payment moves money from what is owed to the bank account; of one in a foreign currency more would have to be
-- known.
posting_versions as (

    select * from versions
    where total_sign is not null and (not is_payment or rate = 1)

),

lines as (

    select *
    from
        {{ explode_with_position('posting_versions', 'line_items', 'line', 'line_number') }}
            as exploded

),

stated as (

    select
        tenant_id,
        record_table,
        document_id,
        version_number,
        case when is_payment then bank_account_id else total_account_id end as account_id,
        total_sign * {{ to_base('total', 'rate') }} as net_amount_base
    from posting_versions
    where record_table <> 'manual_journals'
    union all
    select
        tenant_id,
        record_table,
        document_id,
        version_number,
        total_account_id as account_id,
        -total_sign * {{ to_base('total', 'rate') }} as net_amount_base
    from posting_versions
    where is_payment
    union all
    select
        tenant_id,
        record_table,
        document_id,
        version_number,
        line.AccountID as account_id,
        -total_sign * {{ to_base(
            'line.LineAmount - case when is_tax_inclusive then coalesce(line.TaxAmount, 0) else 0 end', 'rate'
        ) }} as net_amount_base
    from lines
    union all
    select
        tenant_id,
        record_table,
        document_id,
        version_number,
        gst_account_id as account_id,
        -total_sign * {{ to_base('coalesce(line.TaxAmount, 0)', 'rate') }} as net_amount_base
    from lines

),

-- Each amount is rounded by itself, which leaves half a cent each at most; a version that leaves more is not
-- understood.
balanced as (

    select
        tenant_id,
        record_table,
        document_id,
        version_number,
        -sum(net_amount_base) as left_base,
        abs(sum(net_amount_base)) <= 0.005 * count(*) and count(net_amount_base) = count(*)
        and count(account_id) = count(*) as is_understood
    from stated
    group by tenant_id, record_table, document_id, version_number

),

final as (

    select
        stated.tenant_id,
        stated.record_table,
        stated.document_id,
        stated.version_number,
        stated.account_id,
        stated.net_amount_base,
        balanced.is_understood
    from stated
    inner join balanced
        on
            stated.tenant_id = balanced.tenant_id
            and stated.record_table = balanced.record_table
            and stated.document_id = balanced.document_id
            and stated.version_number = balanced.version_number
    union all
    select
        balanced.tenant_id,
        balanced.record_table,
        balanced.document_id,
        balanced.version_number,
        system_accounts.rounding_account_id as account_id,
        balanced.left_base as net_amount_base,
        balanced.is_understood
    from balanced
    inner join system_accounts
        on balanced.tenant_id = system_accounts.tenant_id
    where balanced.left_base <> 0

)

select * from final
