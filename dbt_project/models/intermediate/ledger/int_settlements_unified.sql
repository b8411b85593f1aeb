{#- Whose allocations there are, each to an invoice or bill. -#}
{%- set allocating = ['credit_note', 'prepayment', 'overpayment'] -%}

with payments as (

    select
        tenant_id,
        payment_id as settlement_id,
        'payment' as settlement_type,
        settled_document_id as document_id,
        cast(null as {{ dbt.type_string() }}) as partner_document_id,
        payment_date as settled_on,
        amount,
        account_id,
        bank_amount,
        currency_rate,
        extracted_at
    from {{ ref('stg_xero__payments') }}
    where payment_status = 'AUTHORISED' and not is_deleted

),

allocations as (

    {% for kind in allocating %}
    select
        tenant_id,
        allocation_id,
        document_id,
        invoice_id,
        allocation_date,
        amount,
        extracted_at
    from {{ ref('stg_xero__' ~ kind ~ '_allocations') }}
    where not is_removed and not is_deleted
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- An allocation lowers both what is owed and what is owed back, so it stands here once for each.
both_ends as (

    {% for one, other in [('document_id', 'invoice_id'), ('invoice_id', 'document_id')] %}
    select
        tenant_id,
        allocation_id as settlement_id,
        'allocation' as settlement_type,
        {{ one }} as document_id,
        {{ other }} as partner_document_id,
        allocation_date as settled_on,
        amount,
        cast(null as {{ dbt.type_string() }}) as account_id,
        cast(null as decimal(18, 4)) as bank_amount,
        cast(null as decimal(18, 6)) as currency_rate,
        extracted_at
    from allocations
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select * from payments
    union all
    select * from both_ends

)

select * from final
