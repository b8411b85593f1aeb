{{ config(materialized='table') }}

{#
    What kind of document each of Xero's types is here, on which side, and what a bookkeeper calls it. Bank
    transactions of the types *-PREPAYMENT, *-OVERPAYMENT and *-TRANSFER repeat records of endpoints of their own,
    so that only SPEND and RECEIVE are documents.
#}
{%- set kinds = {
    'ACCREC': ('invoice', 'sales', 'Invoice '),
    'ACCRECCREDIT': ('credit_note', 'sales', 'Credit note '),
    'ACCPAY': ('bill', 'purchases', 'Bill '),
    'ACCPAYCREDIT': ('bill_credit_note', 'purchases', 'Supplier credit note '),
    'RECEIVE': ('bank_transaction', 'sales', 'Money received '),
    'SPEND': ('bank_transaction', 'purchases', 'Money spent '),
    'RECEIVE-PREPAYMENT': ('prepayment', 'sales', 'Prepayment '),
    'SPEND-PREPAYMENT': ('prepayment', 'purchases', 'Prepayment '),
    'RECEIVE-OVERPAYMENT': ('overpayment', 'sales', 'Overpayment '),
    'SPEND-OVERPAYMENT': ('overpayment', 'purchases', 'Overpayment '),
    'MANUALJOURNAL': ('manual_journal', none, 'Manual journal '),
} -%}
{#- The header columns of each source; what it has under another name or not at all. -#}
{%- set columns = [
    'tenant_id', 'document_id', 'document_type_code', 'document_number', 'reference', 'document_status',
    'document_date', 'due_date', 'contact_id', 'contact_name', 'line_amount_types', 'currency_code',
    'currency_rate', 'total', 'amount_open', 'bank_account_id', 'is_deleted', 'record_updated_at', 'extracted_at',
] -%}
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
{%- set no_day, no_money = 'cast(null as date)', 'cast(null as decimal(18, 4))' -%}
{%- set sources = {
    'stg_xero__invoices': {'amount_open': 'amount_due', 'bank_account_id': no_text},
    'stg_xero__credit_notes': {'amount_open': 'remaining_credit', 'bank_account_id': no_text},
    'stg_xero__bank_transactions': {'document_number': no_text, 'due_date': no_day, 'amount_open': no_money},
    'stg_xero__prepayments': {'due_date': no_day, 'amount_open': no_money, 'bank_account_id': no_text},
    'stg_xero__overpayments': {'due_date': no_day, 'amount_open': no_money, 'bank_account_id': no_text},
    'stg_xero__manual_journals': {
        'document_type_code': "'MANUALJOURNAL'", 'document_number': no_text, 'reference': 'narration',
        'due_date': no_day, 'contact_id': no_text, 'contact_name': no_text, 'currency_code': no_text,
        'currency_rate': 'cast(1 as decimal(18, 6))', 'total': no_money, 'amount_open': no_money,
        'bank_account_id': no_text,
    },
} -%}

with organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

headers as (

    {% for model, others in sources.items() %}
    select
        {% for column in columns[:-1] %}
        {{ others.get(column, column) }} as {{ column }},
        {% endfor %}
        {{ columns[-1] }}
    from {{ ref(model) }}
    {% if model == 'stg_xero__bank_transactions' %}
    where document_type_code in ('SPEND', 'RECEIVE')
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- Xero says which account an advance went through only on the bank transaction that repeats it.
advances_banked as (

    select
        tenant_id,
        coalesce(prepayment_id, overpayment_id) as document_id,
        max(bank_account_id) as bank_account_id
    from {{ ref('stg_xero__bank_transactions') }}
    where coalesce(prepayment_id, overpayment_id) is not null
    group by tenant_id, coalesce(prepayment_id, overpayment_id)

),

documents as (

    select
        headers.tenant_id,
        headers.document_id,
        case headers.document_type_code
            {% for code, kind in kinds.items() %}
            when '{{ code }}' then '{{ kind[0] }}'
            {% endfor %}
        end as document_type,
        case headers.document_type_code
            {% for code, kind in kinds.items() if kind[1] %}
            when '{{ code }}' then '{{ kind[1] }}'
            {% endfor %}
        end as side,
        headers.document_type_code in ('ACCRECCREDIT', 'ACCPAYCREDIT') as is_credit,
        headers.document_number,
        -- What a bookkeeper calls the document.
        case headers.document_type_code
            {% for code, kind in kinds.items() %}
            when '{{ code }}' then '{{ kind[2] }}'
            {% endfor %}
            else 'Document '
        end || coalesce(nullif(headers.document_number, ''), nullif(headers.reference, ''), headers.document_id)
            as document_label,
        headers.reference,
        headers.document_status,
        coalesce(
            case
                when headers.document_type_code = 'MANUALJOURNAL' then headers.document_status = 'POSTED'
                else headers.document_status in ('AUTHORISED', 'PAID')
            end,
            false
        ) and not headers.is_deleted as is_posted,
        -- In preparation: not yet in the books, and not given up either.
        coalesce(headers.document_status in ('DRAFT', 'SUBMITTED'), false) and not headers.is_deleted as is_draft,
        headers.document_date,
        headers.due_date,
        headers.contact_id,
        -- A contact keeps its id when it is renamed; the document keeps the name of its day.
        coalesce(contacts.contact_name, headers.contact_name) as contact_name,
        contacts.account_number,
        -- Xero's default where a document does not say is Exclusive, and where a manual journal does not, NoTax.
        coalesce(
            upper(headers.line_amount_types),
            case when headers.document_type_code = 'MANUALJOURNAL' then 'NOTAX' else 'EXCLUSIVE' end
        ) as line_amount_type_key,
        coalesce(headers.line_amount_types, 'Exclusive') as line_amount_type,
        coalesce(headers.currency_code, organisations.base_currency) as currency_code,
        organisations.base_currency,
        -- A foreign document without a rate has no base amount. It is never rate 1.
        case
            when coalesce(headers.currency_code, organisations.base_currency) = organisations.base_currency
                then cast(1 as decimal(18, 6))
            when headers.currency_rate > 0 then headers.currency_rate
        end as currency_rate,
        headers.total,
        headers.amount_open,
        coalesce(headers.bank_account_id, advances_banked.bank_account_id) as bank_account_id,
        headers.record_updated_at,
        headers.extracted_at
    from headers
    left join organisations
        on headers.tenant_id = organisations.tenant_id
    left join contacts
        on
            headers.tenant_id = contacts.tenant_id
            and headers.contact_id = contacts.contact_id
    left join advances_banked
        on
            headers.tenant_id = advances_banked.tenant_id
            and headers.document_id = advances_banked.document_id

)

select * from documents
