{#- What is wrong with a document as a whole: contact, date, total, too many tracking categories. -#}
{%- set document_key = outgoing_document_key() -%}
{%- set text = dbt.type_string() -%}

with documents as (

    select
        documents.*,
        organisations.locked_to,
        policies.hold_locked_drafts,
        {{
            document_words(
                'documents.document_type', 'documents.side', 'documents.document_number', 'documents.document_id'
            )
        }} as document_label
    from {{ ref('int_outgoing_documents') }} as documents
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on documents.tenant_id = organisations.tenant_id
    left join {{ ref('int_coding_policies_set') }} as policies
        on
            documents.tenant_id = policies.tenant_id
            and documents.source_system = policies.source_system

),

totals as (

    select
        totals.*,
        documents.source_total
    from {{ ref('int_document_totals_compared') }} as totals
    inner join documents
        on {{ same_key('totals', 'documents', document_key) }}

),

crowded as (

    select * from {{ ref('int_tracking_categories_counted') }}
    where category_count > 2

),

{%- set source = system_name('source_system') %}

final as (

    select
        {{ document_key | join(', ') }},
        severity,
        rule,
        message,
        remedy
    from {{ ref('int_document_contacts_resolved') }}
    where rule is not null
    union all
    select
        {{ document_key | join(', ') }},
        case when hold_locked_drafts = 'off' then 'warn' else 'hold' end as severity,
        {{
            coding_finding(
                'PERIOD_LOCKED',
                {
                    'date': 'cast(document_date as ' ~ text ~ ')',
                    'lock date': 'cast(locked_to as ' ~ text ~ ')',
                    'source': source,
                },
            )
        }}
    from documents
    where document_date <= locked_to
    union all
    select
        {{ document_key | join(', ') }},
        'block' as severity,
        {{ coding_finding('DATE_MISSING', {'document': 'document_label', 'source': source}) }}
    from documents
    where document_date is null
    union all
    select
        {{ document_key | join(', ') }},
        'block' as severity,
        {{ coding_finding('LINES_MISSING', {'document': 'document_label', 'source': source}) }}
    from totals
    where rule = 'LINES_MISSING'
    union all
    select
        {{ document_key | join(', ') }},
        'block' as severity,
        {{
            coding_finding(
                'TOTAL_DIFF',
                {
                    'document': 'document_label',
                    'source_total': money_text('source_total'),
                    'xero_total': money_text('xero_total'),
                    'source': source,
                },
            )
        }}
    from totals
    where rule = 'TOTAL_DIFF'
    union all
    select
        {{ document_key | join(', ') }},
        'block' as severity,
        {{
            coding_finding('TOTAL_NEGATIVE', {'document': 'document_label', 'total': money_text('xero_total')})
        }}
    from totals
    where rule = 'TOTAL_NEGATIVE'
    union all
    -- A configuration that Xero cannot hold: nothing is sent until it is mended.
    select
        {{ key_of('documents', document_key) }},
        'block' as severity,
        {{ coding_finding('TRK_TOO_MANY_CFG', {'n': 'cast(crowded.category_count as ' ~ text ~ ')'}) }}
    from documents
    inner join crowded
        on
            documents.tenant_id = crowded.tenant_id
            and documents.source_system = crowded.source_system

)

select * from final
