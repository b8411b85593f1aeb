{%- set ages = ['not_due', 'days_1_30', 'days_31_60', 'days_61_90', 'over_90'] -%}

with documents as (

    select
        *,
        case when is_credit or document_type = 'overpayment' then -1 else 1 end as owed_sign,
        {{ to_base('total', 'currency_rate') }} as total_base
    from {{ ref('int_documents_unified') }}
    where
        is_posted
        and side = 'sales'
        and document_type in ('invoice', 'credit_note', 'overpayment')
        and document_date is not null
        and currency_rate is not null

),

cleared as (

    select * from {{ ref('int_settlements_cleared') }}

),

-- An overpayment is used up as it was posted, share by share.
overpayments_used as (

    select
        tenant_id,
        document_id,
        settlement_id,
        settled_on,
        net_amount,
        net_amount_base
    from {{ ref('int_advance_postings_reversed') }}
    where posting_kind = 'overpaid'

),

movements as (

    select
        tenant_id,
        document_id,
        document_date as moved_on,
        owed_sign * total as amount,
        owed_sign * total_base as amount_base
    from documents
    union all
    select
        cleared.tenant_id,
        cleared.document_id,
        cleared.settled_on as moved_on,
        case when cleared.is_credit then cleared.amount else -cleared.amount end as amount,
        case when cleared.is_credit then cleared.cleared_base else -cleared.cleared_base end as amount_base
    from cleared
    where cleared.side = 'sales' and cleared.document_type in ('invoice', 'credit_note')
    union all
    select
        overpayments_used.tenant_id,
        overpayments_used.document_id,
        overpayments_used.settled_on as moved_on,
        overpayments_used.net_amount as amount,
        overpayments_used.net_amount_base as amount_base
    from overpayments_used
    inner join documents
        on
            overpayments_used.tenant_id = documents.tenant_id
            and overpayments_used.document_id = documents.document_id

),

months as (

    select * from {{ ref('int_financial_months_dated') }}

),

lives as (

    select
        tenant_id,
        document_id,
        min(moved_on) as first_moved_on,
        max(moved_on) as last_moved_on,
        sum(amount) as left_amount,
        sum(amount_base) as left_base
    from movements
    group by tenant_id, document_id

),

-- A settled document is in no month after its settlement.
balances as (

    select
        months.tenant_id,
        months.month_end,
        movements.document_id,
        sum(movements.amount) as amount,
        sum(movements.amount_base) as amount_base
    from lives
    inner join months
        on
            lives.tenant_id = months.tenant_id
            and lives.first_moved_on <= months.month_end
            and (lives.left_amount <> 0 or lives.left_base <> 0 or lives.last_moved_on > months.month_end)
    inner join movements
        on
            lives.tenant_id = movements.tenant_id
            and lives.document_id = movements.document_id
            and months.month_end >= movements.moved_on
    group by months.tenant_id, months.month_end, movements.document_id

),

aged as (

    select
        balances.tenant_id,
        balances.month_end,
        coalesce(documents.contact_id, 'none') as contact_id,
        documents.currency_code,
        documents.base_currency,
        balances.amount,
        balances.amount_base,
        case
            when coalesce(documents.due_date, documents.document_date) >= balances.month_end then 'not_due'
            {% for days in [30, 60, 90] %}
            when
                coalesce(documents.due_date, documents.document_date)
                >= cast({{ dbt.dateadd('day', -days, 'balances.month_end') }} as date)
                then '{{ ages[loop.index] }}'
            {% endfor %}
            else 'over_90'
        end as age
    from balances
    inner join documents
        on
            balances.tenant_id = documents.tenant_id
            and balances.document_id = documents.document_id

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

final as (

    select
        aged.tenant_id,
        aged.month_end,
        aged.contact_id,
        aged.currency_code,
        max(contacts.contact_name) as contact_name,
        aged.base_currency,
        {% for age in ages %}
        cast(sum(case when aged.age = '{{ age }}' then aged.amount else 0 end) as decimal(18, 4)) as {{ age }},
        {% endfor %}
        cast(sum(aged.amount) as decimal(18, 4)) as total_amount,
        cast(sum(aged.amount_base) as decimal(18, 4)) as total_base
    from aged
    left join contacts
        on
            aged.tenant_id = contacts.tenant_id
            and aged.contact_id = contacts.contact_id
    group by aged.tenant_id, aged.month_end, aged.contact_id, aged.currency_code, aged.base_currency
    having sum(aged.amount) <> 0 or sum(aged.amount_base) <> 0

)

select * from final
