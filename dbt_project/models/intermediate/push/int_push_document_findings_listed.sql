{{ config(materialized='table') }}

{#-
    Everything that is to be said of a document before it is sent, as a JSON list: what coding found, its
    contact, what Xero holds already, and the lock dates. Contacts are resolved anew for writing, so that
    what coding said of them does not count.
-#}
{%- set key = outgoing_document_key() -%}

with prepared as (

    select * from {{ ref('int_push_documents_prepared') }}

),

lines as (

    select
        {{ outgoing_line_key() | join(', ') }},
        line_number
    from {{ ref('document_lines') }}

),

{%- set line_words = "coalesce('Line ' || cast(lines.line_number as " ~ dbt.type_string() ~ ") || ': ', '')" %}

coded as (

    select
        {{ key_of('exceptions', key) }},
        1 as place,
        coalesce(lines.line_number, 0) as line_number,
        exceptions.rule,
        {{
            json_object_of({
                'rule': json_string('exceptions.rule'),
                'severity': json_string('exceptions.severity'),
                'message': json_string(line_words ~ ' || exceptions.message'),
                'remedy': json_string('exceptions.remedy'),
            })
        }} as finding
    from {{ ref('coding_exceptions') }} as exceptions
    left join lines
        on {{ same_key('exceptions', 'lines', outgoing_line_key()) }}
    where
        exceptions.document_id is not null
        and exceptions.rule not in ('CON_UNKNOWN', 'CON_AMBIGUOUS', 'CON_ARCHIVED', 'CON_MERGED')

),

{%- set is_changed = "(sent_content_hash is null or sent_content_hash <> content_hash)" %}
{#- The month's journal of cost of goods sold may be changed once it is posted too, if a person approves. -#}
{%- set is_final = "(held_status not in ('DRAFT', 'SUBMITTED')"
    ~ " and not (document_type = 'cogs' and held_status = 'POSTED'))" %}
{%- set own = [
    push_finding('CON_UNKNOWN', 'hold', "side <> 'stock' and contact_key is null", {'name': 'contact_name'}),
    push_finding('DOC_NUMBER', 'block', "number is null or length(number) > 255", {
        'document': 'label', 'source': system_name('source_system'),
    }),
    push_finding('DOC_DUPLICATE', 'block', "stranger_id is not null or number_claim > 1", {
        'kind': "case entity when 'invoices' then 'Invoice' when 'bills' then 'Bill' else 'Credit note' end",
        'number': 'number',
    }),
    push_finding('PO_ROLE_CHANGED', 'warn', "is_role_changed and not coalesce(" ~ is_final ~ ", false)", {
        'po': 'document_number', 'old role': 'sent_purchase_method', 'new role': 'purchase_method',
    }),
    push_finding('PO_ROLE_CHANGED', 'skip', "is_role_changed and " ~ is_final, {
        'po': 'document_number', 'old role': 'sent_purchase_method', 'new role': 'purchase_method',
    }),
    push_finding('JNL_GONE', 'skip', "gone_journal_id is not null and sent_content_hash = content_hash", {
        'record': 'label', 'status': 'lower(journal_status)', 'source': system_name('source_system'),
    }),
    push_finding('DOC_LOCKED', 'skip', is_final ~ " and " ~ is_changed, {'document': 'label'}),
    push_finding('PERIOD_LOCKED', 'hold', "held_date <= locked_to and " ~ is_changed, {
        'date': 'cast(held_date as ' ~ dbt.type_string() ~ ')',
        'lock date': 'cast(locked_to as ' ~ dbt.type_string() ~ ')',
        'source': "'Xero'",
    }),
] %}

hashed as (

    select
        prepared.*,
        {{ sha256_hex(document_content()) }} as content_hash
    from (
        select
            prepared.*,
            coalesce(written.content_lines, '[]') as content_lines
        from prepared
        left join {{ ref('int_push_document_lines_written') }} as written
            on {{ same_key('prepared', 'written', key) }}
    ) as prepared

),

own_found as (

    select
        {{ key | join(', ') }},
        contact_findings,
        {{ json_list_of(own) }} as own_findings
    from hashed

),

of_coding as (

    select
        {{ key | join(', ') }},
        {{ json_list_of_rows('finding', 'line_number, rule, finding') }} as findings
    from coded
    group by {{ key | join(', ') }}

),

final as (

    select
        {{ key_of('own_found', key) }},
        {{
            json_lists_joined(
                json_lists_joined("coalesce(of_coding.findings, '[]')", "coalesce(own_found.contact_findings, '[]')"),
                'own_found.own_findings',
            )
        }} as findings
    from own_found
    left join of_coding
        on {{ same_key('own_found', 'of_coding', key) }}

)

select * from final
