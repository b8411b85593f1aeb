{# What a document is to the push ledger, for ever: `<system>:<type>:<id>`. #}
{% macro document_record_key(relation) -%}
    {{ relation }}.source_system || ':' || {{ relation }}.document_type || ':' || {{ relation }}.document_id
{%- endmacro %}

{# The entity that a document becomes. #}
{% macro document_entity(relation) -%}
    case
        when {{ relation }}.side = 'stock' then 'manual_journals'
        when {{ relation }}.document_type = 'credit_note' then 'credit_notes'
        when {{ relation }}.side = 'purchases' then 'bills'
        else 'invoices'
    end
{%- endmacro %}

{#
    Our key as Xero keeps it on invoices and bills: Url takes absolute addresses alone. The host is one
    that no one can own (RFC 2606).
#}
{% macro document_url(record_key) -%}
    'https://xero-crm.invalid/' || replace({{ record_key }}, ':', '/')
{%- endmacro %}

{# A date as Xero takes it. #}
{% macro json_date(day) -%}
    {{ return(json_string('cast(' ~ day ~ ' as ' ~ dbt.type_string() ~ ')')) }}
{%- endmacro %}

{# Money in `facts` is text with two decimals. #}
{% macro json_money(amount) -%}
    {{ return(json_string(money_text(amount))) }}
{%- endmacro %}

{# Which of the elements that Xero knows by name are a document's own, for each entity. #}
{% macro document_fields(entity, side) -%}
    {%- set own = {
        'invoices': ['InvoiceID', 'InvoiceNumber', 'LineItems'],
        'bills': ['InvoiceID', 'InvoiceNumber', 'LineItems'],
        'credit_notes': ['CreditNoteID', 'CreditNoteNumber', 'LineItems'],
    }[entity] -%}
    {#- The element, as we want it, and as Xero holds it. -#}
    {%- set pairs = {
        'Type': (json_string('type_code'), json_string('held_type_code')),
        own[1]: (json_string('number'), json_string('held_number')),
        'Reference': (json_string('reference'), json_string('held_reference')),
        'Contact': (
            json_object_of({'ContactID': json_string('sent_contact_id')}),
            json_object_of({'ContactID': json_string('held_contact_id')}),
        ),
        'Date': (json_date('document_date'), json_date('held_date')),
        'DueDate': (json_date('due_date'), json_date('held_due_date')),
        'LineAmountTypes': (json_string('line_amount_type'), json_string('held_line_amount_types')),
        'CurrencyCode': (json_string('currency_code'), json_string('held_currency_code')),
        'CurrencyRate': (json_number('currency_rate', 6), json_number('held_currency_rate', 6)),
        'Url': (json_string('url'), json_string('held_url')),
        own[2]: ('sent_lines', 'held_lines'),
    } -%}
    {%- set fields = {
        own[0]: json_string('target_id'),
        'Status': "case when target_id is null then '\"DRAFT\"' end",
    } -%}
    {%- for name, pair in pairs.items() -%}
        {%- do fields.update({name: held_member(pair[0], pair[1]) if side == 'held' else pair[0]}) -%}
    {%- endfor -%}
    {{ return(json_object_of(fields)) }}
{%- endmacro %}

{# The desired state of one entity of documents with a contact, from int_push_documents_prepared. #}
{% macro push_documents(entity) -%}
with prepared as (

    select * from {{ ref('int_push_documents_prepared') }}
    where entity = '{{ entity }}'

),

written as (

    select * from {{ ref('int_push_document_lines_written') }}

),

found as (

    select * from {{ ref('int_push_document_findings_listed') }}

),

documents as (

    select
        prepared.*,
        coalesce(written.lines, '[]') as sent_lines,
        coalesce(written.content_lines, '[]') as content_lines,
        coalesce(written.held_lines, '[]') as held_lines,
        coalesce(written.lines_stated, '[]') as lines_stated,
        coalesce(written.line_ids, '[]') as line_ids,
        coalesce(written.needed_items, '[]') as needed_items,
        coalesce(found.findings, '[]') as findings
    from prepared
    left join written
        on {{ same_key('prepared', 'written', outgoing_document_key()) }}
    left join found
        on {{ same_key('prepared', 'found', outgoing_document_key()) }}

),

records as (

    select
        tenant_id,
        record_key,
        -- What people have approved since is theirs, as long as the source says what it said.
        case
            when held_status not in ('DRAFT', 'SUBMITTED') and sent_content_hash = {{ sha256_hex(document_content()) }}
                then 'none'
            else operation_hint
        end as operation_hint,
        {{ document_fields(entity, 'wanted') }} as payload,
        label,
        target_id,
        case when is_held then {{ document_fields(entity, 'held') }} end as held_payload,
        held_version,
        findings,
        {{ document_facts() }} as facts,
        {{
            json_lists_joined('needed_items', json_list_of([json_string("'xero__contacts/' || needed_contact_key")]))
        }} as depends_on,
        source_system,
        document_id as source_record_id,
        {{ document_content() }} as content
    from documents

),

{{ push_records('xero', entity) }}
{%- endmacro %}

{# What a plan totals and shows of a document. #}
{% macro document_facts() -%}
    {{ return(json_object_of({
        'document_type': json_string('document_type'),
        'side': json_string('side'),
        'document_number': json_string('document_number'),
        'document_date': json_date('document_date'),
        'due_date': json_date('due_date'),
        'lock_date': json_date('locked_to'),
        'currency_code': json_string('currency_code'),
        'currency_rate': json_number('currency_rate', 6),
        'net': json_money('xero_net'),
        'tax': json_money('xero_tax'),
        'total': json_money('xero_total'),
        'source_total': json_money('source_total'),
        'target_total': json_money('xero_total'),
        'contact': json_string('contact_age'),
        'contact_name': json_string('contact_name'),
        'template_contact': json_string('template_contact'),
        'purchase_method': json_string('purchase_method'),
        'lines': 'lines_stated',
        'line_ids': 'line_ids',
    })) }}
{%- endmacro %}

{# What the source alone says of a document: not which ids Xero has given, nor whether it has it. #}
{% macro document_content() -%}
    {{ return(json_object_of({
        'number': json_string('number'),
        'reference': json_string('reference'),
        'contact': json_string('coalesce(contact_key, contact_name)'),
        'date': json_date('document_date'),
        'due_date': json_date('due_date'),
        'line_amount_type': json_string('line_amount_type'),
        'currency_code': json_string('currency_code'),
        'currency_rate': json_number('currency_rate', 6),
        'lines': 'content_lines',
    })) }}
{%- endmacro %}
