{{ config(alias='xero__manual_journals') }}

{#-
    Stock journals as drafts: a month's cost of goods sold, stock adjustments, stock takes. Their Narration
    ends with our key, by which one is found again. A month's journal that is left empty is deleted while
    it is a draft, and proposed for voiding once it is posted (coding rules, section 10); so is that of an
    adjustment or a stock take that its source has deleted.
-#}
{%- set stock_words -%}
    case prepared.document_type
        when 'cogs' then 'Cost of goods sold'
        when 'adjustment' then 'Stock adjustment'
        else 'Stock take'
    end
{%- endset -%}

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

-- Which movements a month's journal is made of: what a posted one was coded with is not decided again.
movements as (

    select
        tenant_id,
        {{ stock_journal_id('journal_month') }} as document_id,
        {{
            json_list_of_rows(
                json_object_of({
                    'source_system': json_string('source_system'),
                    'movement_id': json_string('movement_id'),
                    'pair_id': json_string('pair_id'),
                }),
                'source_system, movement_id'
            )
        }} as movements
    from {{ ref('int_stock_journal_movements_coded') }}
    where movement_status = 'in_journal'
    group by tenant_id, {{ stock_journal_id('journal_month') }}

),

journals as (

    select
        prepared.*,
        coalesce(written.lines, '[]') as sent_lines,
        coalesce(written.content_lines, '[]') as content_lines,
        coalesce(written.held_lines, '[]') as held_lines,
        coalesce(written.lines_stated, '[]') as lines_stated,
        coalesce(written.line_ids, '[]') as line_ids,
        coalesce(found.findings, '[]') as findings,
        case when prepared.document_type = 'cogs' then movements.movements end as movements,
        {{ stock_words }} || ' ' || prepared.document_number || ' [' || prepared.record_key || ']' as narration
    from prepared
    left join written
        on {{ same_key('prepared', 'written', outgoing_document_key()) }}
    left join found
        on {{ same_key('prepared', 'found', outgoing_document_key()) }}
    left join movements
        on
            prepared.tenant_id = movements.tenant_id
            and prepared.document_id = movements.document_id

),

wanted as (

    select
        tenant_id,
        record_key,
        -- What people have posted of an adjustment is theirs, as long as the source says what it said.
        case
            when
                document_type <> 'cogs'
                and held_status <> 'DRAFT'
                and sent_content_hash = {{ sha256_hex(document_content()) }} then 'none'
            else operation_hint
        end as operation_hint,
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
        case
            when is_held then
                {{
                    json_object_of({
                        'ManualJournalID': json_string('target_id'),
                        'Narration': json_string('held_narration'),
                        'Date': json_date('held_date'),
                        'LineAmountTypes': json_string('held_line_amount_types'),
                        'JournalLines': 'held_lines',
                    })
                }}
        end as held_payload,
        held_version,
        findings,
        {{
            json_object_with(
                document_facts(), {'movements': 'movements', 'replaces': json_string('gone_journal_id')}
            )
        }} as facts,
        source_system,
        document_id as source_record_id,
        {{ document_content() }} as content
    from journals

),

unwanted as (

    select
        held.*,
        organisations.locked_to,
        planned.sent_amount
    from {{ ref('int_stock_journals_held') }} as held
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on held.tenant_id = organisations.tenant_id
    left join {{ ref('int_stock_journals_planned') }} as planned
        on
            held.tenant_id = planned.tenant_id
            and case held.document_type when 'cogs' then held.source_document_id end = planned.document_id
    left join {{ ref('int_workguru__stock_documents_deleted') }} as deleted
        on
            held.tenant_id = deleted.tenant_id
            and held.document_type = deleted.document_type
            and case held.source_system when 'workguru' then held.source_document_id end = deleted.document_id
    where
        held.journal_status in ('DRAFT', 'POSTED')
        and (planned.action in ('delete', 'void') or deleted.document_id is not null)

),

{%- set gone = [
    push_finding('JNL_EMPTY', 'warn', "true", {
        'journal': 'label',
        'why': "case when document_type = 'cogs' then 'nothing is left of it' else 'its source has deleted it' end",
        'action': "case when journal_status = 'DRAFT' then 'delete the draft' else 'void what is posted' end",
    }),
    push_finding('PERIOD_LOCKED', 'hold', "journal_date <= locked_to", {
        'date': 'cast(journal_date as ' ~ dbt.type_string() ~ ')',
        'lock date': 'cast(locked_to as ' ~ dbt.type_string() ~ ')',
        'source': "'Xero'",
    }),
] %}

removed as (

    select
        tenant_id,
        record_key,
        'delete' as operation_hint,
        case when journal_status = 'DRAFT' then '{"Status":"DELETED"}' else '{"Status":"VOIDED"}' end as payload,
        'Journal ' || upper(source_document_id) as label,
        manual_journal_id as target_id,
        {{ json_object_of({'Status': json_string('journal_status')}) }} as held_payload,
        {{ json_list_of(gone) }} as findings,
        {{
            json_object_of({
                'document_type': json_string('document_type'),
                'side': "'\"stock\"'",
                'document_date': json_date('journal_date'),
                'lock_date': json_date('locked_to'),
                'held_total': json_money('sent_amount'),
            })
        }} as facts,
        source_system,
        source_document_id as source_record_id,
        {{ json_object_of({'removed': json_string('manual_journal_id')}) }} as content
    from (
        select
            *,
            'Journal ' || upper(source_document_id) as label
        from unwanted
    ) as labelled

),

records as (

    select
        tenant_id,
        record_key,
        operation_hint,
        payload,
        label,
        target_id,
        held_payload,
        held_version,
        findings,
        facts,
        {{ json_nothing() }} as depends_on,
        source_system,
        source_record_id,
        content
    from wanted
    union all
    select
        removed.tenant_id,
        removed.record_key,
        removed.operation_hint,
        removed.payload,
        removed.label,
        removed.target_id,
        removed.held_payload,
        versions.version_hash as held_version,
        removed.findings,
        removed.facts,
        {{ json_nothing() }} as depends_on,
        removed.source_system,
        removed.source_record_id,
        removed.content
    from removed
    left join {{ ref('stg_push__held_versions') }} as versions
        on
            removed.tenant_id = versions.tenant_id
            and removed.target_id = versions.record_id
            and versions.record_type = 'xero__manual_journals'

),

{{ push_records('xero', 'manual_journals') }}
