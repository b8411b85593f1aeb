{#- What Xero's SourceType is among our kinds of record; any other, and none, is a `journal`. -#}
{%- set source_types = {
    'ACCREC': 'sales_invoice',
    'ACCRECCREDIT': 'sales_credit_note',
    'ACCPAY': 'bill',
    'ACCPAYCREDIT': 'bill_credit_note',
    'CASHREC': 'bank_transaction',
    'CASHPAID': 'bank_transaction',
    'TRANSFER': 'bank_transfer',
    'ACCRECPAYMENT': 'payment',
    'ACCPAYPAYMENT': 'payment',
    'ARCREDITPAYMENT': 'payment',
    'APCREDITPAYMENT': 'payment',
    'ARPREPAYMENT': 'prepayment',
    'APPREPAYMENT': 'prepayment',
    'AROVERPAYMENT': 'overpayment',
    'APOVERPAYMENT': 'overpayment',
    'MANJOURNAL': 'manual_journal',
} -%}

with bases as (

    select * from {{ ref('int_ledger_bases_chosen') }}
    where basis = 'journal'

),

lines as (

    select * from {{ ref('stg_xero__journal_lines') }}
    where not is_deleted and net_amount <> 0 and journal_date is not null

),

final as (

    select
        lines.tenant_id,
        case lines.source_type_code
            {% for code, source_type in source_types.items() %}
            when '{{ code }}' then '{{ source_type }}'
            {% endfor %}
            else 'journal'
        end as source_type,
        coalesce(lines.source_id, lines.journal_id) as source_id,
        lines.line_id as posting_id,
        lines.source_type_code,
        lines.journal_date as posting_date,
        coalesce(lines.account_id, 'none') as account_id,
        coalesce(nullif(lines.description, ''), nullif(lines.reference, '')) as description,
        lines.net_amount as net_amount_base,
        lines.tracking_category_id_1,
        lines.tracking_option_id_1,
        lines.tracking_category_id_2,
        lines.tracking_option_id_2,
        lines.extracted_at
    from lines
    inner join bases
        on lines.tenant_id = bases.tenant_id

)

select * from final
