{%- set document_key = outgoing_document_key() -%}

with documents as (

    select * from {{ ref('int_outgoing_documents') }}

),

organisations as (

    select * from {{ ref('int_organisation_limits_read') }}

),

contacts as (

    select * from {{ ref('int_document_contacts_resolved') }}

),

totals as (

    select * from {{ ref('int_document_totals_compared') }}

),

snapshots as (

    select * from {{ ref('int_configuration_snapshots_taken') }}

),

findings as (

    select
        {{ document_key | join(', ') }},
        max(case when severity in ('block', 'hold') then 1 else 0 end) as blocking,
        count(*) as finding_count
    from {{ ref('int_outgoing_findings_collected') }}
    group by {{ document_key | join(', ') }}

),

final as (

    select
        {{ key_of('documents', document_key) }},
        documents.side,
        documents.document_number,
        documents.source_status,
        documents.is_due,
        documents.is_sent,
        documents.is_skipped,
        contacts.contact_id,
        coalesce(contacts.contact_name, documents.contact_name) as contact_name,
        documents.document_date,
        documents.due_date,
        coalesce(documents.currency_code, organisations.base_currency) as currency_code,
        documents.currency_rate,
        totals.line_amount_type,
        documents.source_net,
        documents.source_tax,
        documents.source_total,
        totals.xero_net,
        totals.xero_tax,
        totals.xero_total,
        totals.rounding_amount,
        coalesce(documents.document_date <= organisations.locked_to, false) as is_in_locked_period,
        snapshots.snapshot_id,
        cast(coalesce(findings.finding_count, 0) as bigint) as finding_count,
        coalesce(findings.blocking, 0) = 1 as is_blocked,
        documents.is_due and not documents.is_sent and not documents.is_skipped
        and coalesce(findings.blocking, 0) = 0 as is_sendable,
        documents.record_updated_at
    from documents
    inner join organisations
        on documents.tenant_id = organisations.tenant_id
    left join snapshots
        on documents.tenant_id = snapshots.tenant_id
    left join contacts
        on {{ same_key('documents', 'contacts', document_key) }}
    left join totals
        on {{ same_key('documents', 'totals', document_key) }}
    left join findings
        on {{ same_key('documents', 'findings', document_key) }}

)

select * from final
