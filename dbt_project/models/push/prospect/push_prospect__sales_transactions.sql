{{ config(alias='prospect__sales_transactions') }}

{#-
    Lines of posted invoices and credit notes of Prospect's customers that Prospect lacks, each with its
    Analysis 1. Prospect has no Analysis 2 and 3 on them: they go to the two free fields that can be written
    on creation. Nothing of a transaction can be changed later: one that came without its Analysis 1 is
    listed as unsupported, and crm.sales_transaction_lines has it.
-#}
with connections as (

    select * from {{ ref('int_push_crm_connections_ruled') }}
    where role = 'primary'

),

customers as (

    select
        tenant_id,
        contact_id,
        min(sales_ledger_id) as sales_ledger_id
    from {{ ref('int_prospect__customers_matched') }}
    where match_status = 'matched'
    group by tenant_id, contact_id

),

lines as (

    select * from {{ ref('sales_transaction_lines') }}
    where is_posted and document_number is not null and quantity is not null

),

held_lines as (

    select
        tenant_id,
        invoice_number,
        line_number,
        min(transaction_id) as transaction_id,
        max({{ tidy_text('analysis_1') }}) as analysis_1
    from {{ ref('stg_prospect__sales_transactions') }}
    where not is_deleted
    group by tenant_id, invoice_number, line_number

),

joined as (

    select
        lines.*,
        connections.operating_company,
        customers.sales_ledger_id,
        held_lines.transaction_id,
        held_lines.analysis_1 as held_analysis_1,
        versions.version_hash as held_version,
        connections.operating_company || lines.document_id || '-'
        || cast(lines.line_number as {{ dbt.type_string() }}) as new_id
    from lines
    inner join connections
        on lines.tenant_id = connections.tenant_id
    inner join customers
        on
            lines.tenant_id = customers.tenant_id
            and lines.contact_id = customers.contact_id
    left join held_lines
        on
            lines.tenant_id = held_lines.tenant_id
            and lines.document_number = held_lines.invoice_number
            and lines.line_number = held_lines.line_number
    left join {{ ref('stg_push__held_versions') }} as versions
        on
            held_lines.tenant_id = versions.tenant_id
            and held_lines.transaction_id = versions.record_id
            and versions.record_type = 'prospect__sales_transactions'

),

{#- Whole numbers, each with a count of decimals. -#}
{%- set created = {
    'Id': json_string('new_id'),
    'OperatingCompanyCode': json_string('operating_company'),
    'DocumentId': json_string('document_number'),
    'LineNumber': json_number('line_number', 0),
    'InvoiceNumber': json_string('document_number'),
    'ProductItemId': json_string('item_code'),
    'ProductDescription': json_string('description'),
    'Account': json_string('sales_ledger_id'),
    'Ledger': json_string('sales_ledger_id'),
    'TransactionType': "case when document_type = 'credit_note' then '\"C\"' else '\"I\"' end",
    'InvoiceDate': json_string("cast(document_date as " ~ dbt.type_string() ~ ") || 'T00:00:00.000Z'"),
    'CurrencyCode': json_string('currency_code'),
    'Price': json_number('unit_amount * 10000', 0),
    'SellDecimals': "case when unit_amount is not null then '4' end",
    'InvoiceQuantity': json_number('quantity * 10000', 0),
    'QuantityDecimals': "'4'",
    'LineValue': json_number('net_amount * 100', 0),
    'CurrencyDecimals': "'2'",
    'DiscountRate': json_number('discount_rate', 6),
    'Analysis1': json_string('analysis_1'),
    'UserDefinedField1': json_string('analysis_2'),
    'UserDefinedField2': json_string('analysis_3'),
    'AccountsId': json_string('document_id'),
} %}

written as (

    select
        *,
        coalesce(transaction_id, new_id) as record_key,
        case
            when transaction_id is null then {{ json_object_of(created) }}
            else {{ json_object_of({'Analysis1': json_string('analysis_1')}) }}
        end as payload
    from joined
    where transaction_id is null or held_analysis_1 is distinct from analysis_1

),

records as (

    select
        tenant_id,
        record_key,
        case when transaction_id is null then 'create' else 'update' end as operation_hint,
        payload,
        'Line ' || cast(line_number as {{ dbt.type_string() }}) || ' of ' || document_number || ' in Prospect' as label,
        transaction_id as target_id,
        case
            when transaction_id is not null then {{ json_object_of({'Analysis1': json_string('held_analysis_1')}) }}
        end as held_payload,
        held_version,
        {{
            json_list_of([
                push_finding('UNSUPPORTED', 'skip', 'transaction_id is not null', {
                    'target': "'Prospect'",
                    'field': "'Analysis1'",
                    'record': "'line ' || cast(line_number as " ~ dbt.type_string() ~ ") || ' of ' || document_number",
                    'held': "coalesce(held_analysis_1, 'blank')",
                    'wanted': 'analysis_1',
                    'table': "'crm.sales_transaction_lines'",
                }),
            ])
        }} as findings,
        {{ json_object_of({'document_number': json_string('document_number')}) }} as facts,
        {{ json_nothing() }} as depends_on,
        'xero' as source_system,
        document_id || '/' || line_id as source_record_id,
        payload as content
    from written

),

{{ push_records('prospect', 'sales_transactions') }}
