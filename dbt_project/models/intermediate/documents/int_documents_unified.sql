{{ config(materialized='table') }}

{# The header columns that invoices and credit notes share. #}
{%- set columns = [
    'tenant_id', 'document_id', 'document_type_code', 'document_number', 'reference', 'document_status',
    'document_date', 'due_date', 'contact_id', 'contact_name', 'line_amount_types', 'currency_code',
    'currency_rate', 'total', 'is_deleted', 'record_updated_at', 'extracted_at',
] -%}
{#- What is still to be paid or used. -#}
{%- set amount_open = {'stg_xero__invoices': 'amount_due', 'stg_xero__credit_notes': 'remaining_credit'} -%}

with organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

headers as (

    {% for model, open in amount_open.items() %}
    select
        {{ columns | join(', ') }},
        {{ open }} as amount_open
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

documents as (

    select
        headers.tenant_id,
        headers.document_id,
        case headers.document_type_code
            when 'ACCREC' then 'invoice'
            when 'ACCRECCREDIT' then 'credit_note'
            when 'ACCPAY' then 'bill'
            when 'ACCPAYCREDIT' then 'bill_credit_note'
        end as document_type,
        case
            when headers.document_type_code in ('ACCREC', 'ACCRECCREDIT') then 'sales'
            when headers.document_type_code in ('ACCPAY', 'ACCPAYCREDIT') then 'purchases'
        end as side,
        headers.document_type_code in ('ACCRECCREDIT', 'ACCPAYCREDIT') as is_credit,
        headers.document_number,
        -- What a bookkeeper calls the document.
        case headers.document_type_code
            when 'ACCREC' then 'Invoice '
            when 'ACCRECCREDIT' then 'Credit note '
            when 'ACCPAY' then 'Bill '
            when 'ACCPAYCREDIT' then 'Supplier credit note '
            else 'Document '
        end || coalesce(nullif(headers.document_number, ''), nullif(headers.reference, ''), headers.document_id)
            as document_label,
        headers.reference,
        headers.document_status,
        coalesce(headers.document_status in ('AUTHORISED', 'PAID'), false) and not headers.is_deleted as is_posted,
        -- In preparation: not yet in the books, and not given up either.
        coalesce(headers.document_status in ('DRAFT', 'SUBMITTED'), false) and not headers.is_deleted as is_draft,
        headers.document_date,
        headers.due_date,
        headers.contact_id,
        -- A contact keeps its id when it is renamed; the document keeps the name of its day.
        coalesce(contacts.contact_name, headers.contact_name) as contact_name,
        contacts.account_number,
        -- Xero's default where a document does not say is Exclusive.
        coalesce(upper(headers.line_amount_types), 'EXCLUSIVE') as line_amount_type_key,
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
        headers.record_updated_at,
        headers.extracted_at
    from headers
    left join organisations
        on headers.tenant_id = organisations.tenant_id
    left join contacts
        on
            headers.tenant_id = contacts.tenant_id
            and headers.contact_id = contacts.contact_id

)

select * from documents
