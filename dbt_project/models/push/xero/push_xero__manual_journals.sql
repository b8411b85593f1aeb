{{ config(alias='xero__manual_journals') }}

{#-
    Stock journals as drafts: a month's cost of goods sold, stock adjustments, stock takes. Their Narration
    ends with our key, by which one is looked up. Xero's journals are not read, so that what one holds is
    what was last confirmed.
-#}
with prepared as (

    select * from {{ ref('int_push_documents_prepared') }}
    where entity = 'manual_journals'

),

written as (

    select * from {{ ref('int_push_document_lines_written') }}

),

found as (

    select * from {{ ref('int_push_document_findings_listed') }}

),

journals as (

    select
        prepared.*,
        coalesce(written.lines, '[]') as sent_lines,
        coalesce(written.content_lines, '[]') as content_lines,
        coalesce(written.lines_stated, '[]') as lines_stated,
        coalesce(written.line_ids, '[]') as line_ids,
        coalesce(found.findings, '[]') as findings,
        case prepared.document_type
            when 'cogs' then 'Cost of goods sold'
            when 'adjustment' then 'Stock adjustment'
            else 'Stock take'
        end || ' ' || prepared.document_number || ' [' || prepared.record_key || ']' as narration
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
        operation_hint,
        {{
            json_object_of({
                'ManualJournalID': json_string('target_id'),
                'Narration': json_string('narration'),
                'Date': json_date('document_date'),
                'LineAmountTypes': json_string('line_amount_type'),
                'Status': "case when target_id is null then '\"DRAFT\"' end",
                'JournalLines': 'sent_lines',
            })
        }} as payload,
        label,
        target_id,
        cast(null as {{ dbt.type_string() }}) as held_payload,
        cast(null as {{ dbt.type_string() }}) as held_version,
        findings,
        {{ document_facts() }} as facts,
        {{ json_nothing() }} as depends_on,
        source_system,
        document_id as source_record_id,
        {{ document_content() }} as content
    from journals

),

{{ push_records('xero', 'manual_journals') }}
