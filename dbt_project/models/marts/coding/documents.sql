{%- set document_key = outgoing_document_key() -%}
{%- set columns = document_key + [
    'organisation_name', 'side', 'document_number', 'supplier_invoice_number', 'reference', 'source_status', 'is_due',
    'is_sent', 'is_skipped', 'contact_id', 'contact_name', 'document_date', 'due_date', 'currency_code', 'currency_rate', 'line_amount_type', 'source_net', 'source_tax',
    'source_total', 'xero_net', 'xero_tax', 'xero_total', 'rounding_amount', 'is_in_locked_period', 'snapshot_id',
    'finding_count', 'is_blocked', 'is_sendable', 'record_updated_at',
] -%}

with documents as (

    select * from {{ ref('int_outgoing_documents') }}
    where side <> 'stock'

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

-- What a document that was sent was coded with.
decisions as (

    select
        {{ document_key | join(', ') }},
        max(snapshot_id) as snapshot_id
    from {{ ref('int_coding_decisions_kept') }}
    group by {{ document_key | join(', ') }}

),

findings as (

    select
        {{ document_key | join(', ') }},
        max(case when severity in ('block', 'hold') then 1 else 0 end) as blocking,
        count(*) as finding_count
    from {{ ref('int_outgoing_findings_collected') }}
    group by {{ document_key | join(', ') }}

),

priced as (

    select
        {{ key_of('documents', document_key) }},
        organisations.organisation_name,
        documents.side,
        documents.document_number,
        documents.supplier_invoice_number,
        documents.reference,
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
        case
            when documents.is_sent then coalesce(decisions.snapshot_id, snapshots.snapshot_id)
            else snapshots.snapshot_id
        end as snapshot_id,
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
    left join decisions
        on {{ same_key('documents', 'decisions', document_key) }}
    left join contacts
        on {{ same_key('documents', 'contacts', document_key) }}
    left join totals
        on {{ same_key('documents', 'totals', document_key) }}
    left join findings
        on {{ same_key('documents', 'findings', document_key) }}

),

final as (

    select {{ columns | join(', ') }} from priced
    union all
    select {{ columns | join(', ') }} from {{ ref('int_stock_journal_documents') }}

)

select * from final
