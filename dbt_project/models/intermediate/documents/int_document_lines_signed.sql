{# The line columns that all documents share; a manual journal's lines have no item, quantity or price. #}
{%- set columns = [
    'tenant_id', 'document_id', 'line_id', 'line_number', 'item_id', 'item_code', 'description', 'quantity',
    'unit_amount', 'discount_rate', 'discount_amount', 'line_amount', 'tax_amount', 'tax_type',
    'account_id', 'account_code', 'tracking_category_id_1', 'tracking_option_id_1', 'tracking_option_name_1',
    'tracking_category_id_2', 'tracking_option_id_2', 'tracking_option_name_2',
] -%}
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
{%- set no_money, no_rate = 'cast(null as decimal(18, 4))', 'cast(null as decimal(18, 6))' -%}
{%- set on_journals = {
    'item_id': no_text, 'item_code': no_text, 'quantity': no_money, 'unit_amount': no_money,
    'discount_rate': no_rate, 'discount_amount': no_money, 'tracking_option_name_1': no_text,
    'tracking_option_name_2': no_text,
} -%}
{%- set models = [
    'stg_xero__invoice_lines', 'stg_xero__credit_note_lines', 'stg_xero__bank_transaction_lines',
    'stg_xero__prepayment_lines', 'stg_xero__overpayment_lines',
] -%}

with documents as (

    select * from {{ ref('int_documents_unified') }}

),

lines as (

    {% for model in models %}
    select {{ columns | join(', ') }} from {{ ref(model) }}
    union all
    {% endfor %}
    select
        {% for column in columns[:-1] %}
        {{ on_journals.get(column, column) }} as {{ column }},
        {% endfor %}
        {{ no_text }} as {{ columns[-1] }}
    from {{ ref('stg_xero__manual_journal_lines') }}

),

-- A line of text has no amount at all, which is nothing. Any other amount that is absent stays unknown (null),
-- as does one that no amount can be.
filled as (

    select
        lines.*,
        documents.document_type,
        documents.side,
        documents.is_posted,
        documents.is_draft,
        documents.document_date,
        documents.contact_id,
        documents.base_currency,
        documents.is_credit,
        documents.line_amount_type_key,
        documents.currency_rate,
        case
            when lines.line_amount is null and lines.unit_amount is null then cast(0 as decimal(18, 4))
            else lines.line_amount
        end as stated_amount,
        case
            when documents.line_amount_type_key = 'NOTAX' then cast(0 as decimal(18, 4))
            when lines.tax_amount is null and lines.tax_type is null then cast(0 as decimal(18, 4))
            else lines.tax_amount
        end as stated_tax
    from lines
    inner join documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_id = documents.document_id

),

-- Inclusive amounts hold their tax; Exclusive and NoTax amounts do not. Xero's line amount is after discount.
unsigned as (

    select
        filled.*,
        case
            when line_amount_type_key = 'INCLUSIVE' then stated_amount - stated_tax
            else stated_amount
        end as net,
        case
            when document_type <> 'invoice' then cast(0 as decimal(18, 4))
            when discount_amount <> 0 then discount_amount
            -- What the rate took off is what is missing from quantity times price. The factors are widened
            -- first: two decimal(18, 4) overflow from 10^10 on.
            when discount_rate <> 0
                then
                    round(cast(quantity as {{ wide_decimal(4) }}) * cast(unit_amount as {{ wide_decimal(4) }}), 2)
                    - stated_amount
            else cast(0 as decimal(18, 4))
        end as discount
    from filled

),

signed as (

    select
        tenant_id,
        document_id,
        line_id,
        line_number,
        document_type,
        side,
        is_posted,
        is_draft,
        document_date,
        contact_id,
        base_currency,
        currency_rate,
        item_id,
        item_code,
        account_id,
        account_code,
        tax_type,
        description,
        quantity,
        case when is_credit then -quantity else quantity end as quantity_signed,
        unit_amount,
        discount_rate,
        {{ cast_or_null('discount', 'decimal(18,4)') }} as discount_amount,
        {{ cast_or_null('case when is_credit then -net else net end', 'decimal(18,4)') }} as net_amount,
        cast(case when is_credit then -stated_tax else stated_tax end as decimal(18, 4)) as tax_amount,
        tracking_category_id_1,
        tracking_option_id_1,
        tracking_option_name_1,
        tracking_category_id_2,
        tracking_option_id_2,
        tracking_option_name_2
    from unsigned

),

final as (

    select
        signed.*,
        {{ cast_or_null('net_amount + tax_amount', 'decimal(18,4)') }} as gross_amount,
        {{ to_base('net_amount', 'currency_rate') }} as net_amount_base,
        {{ to_base('tax_amount', 'currency_rate') }} as tax_amount_base
    from signed

)

select * from final
