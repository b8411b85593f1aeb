{{ config(materialized='table') }}

{#-
    The documents that are to be in Xero: due, neither sent nor skipped by their source, coded; each with
    its key, its number, its contact and what the push ledger knows of it. A document that its source has
    marked as sent is someone's own affair, except that a bill of ours whose order moved between stock and
    project says so.
-#}
{%- set key = outgoing_document_key() -%}

with documents as (

    select * from {{ ref('documents') }}
    where is_due and not is_skipped and (is_sendable or is_blocked or is_sent)

),

sources as (

    select * from {{ ref('int_outgoing_documents') }}

),

sent as (

    select * from {{ ref('int_push_records_sent') }}
    where target = 'xero'

),

connections as (

    select
        organisations.tenant_id,
        connections.system as source_system,
        max(connections.invoice_prefix) as invoice_prefix
    from {{ ref('stg_settings__connections') }} as connections
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on coalesce(connections.organisation_id, organisations.tenant_id) = organisations.tenant_id
    where not connections.is_deleted and connections.system <> 'xero'
    group by organisations.tenant_id, connections.system

),

contacts as (

    select * from {{ ref('int_push_document_contacts_chosen') }}

),

keyed as (

    select
        documents.*,
        sources.source_contact_id,
        sources.purchase_method,
        {{ document_entity('documents') }} as entity,
        {{ document_record_key('documents') }} as record_key,
        case
            when documents.side = 'sales' then coalesce(connections.invoice_prefix, '') || documents.document_number
            when documents.document_type = 'purchase' then documents.supplier_invoice_number
            else documents.document_number
        end as number,
        case
            when documents.side = 'stock' then 'JOURNAL'
            else
                case when documents.side = 'sales' then 'ACCREC' else 'ACCPAY' end
                || case when documents.document_type = 'credit_note' then 'CREDIT' else '' end
        end as type_code
    from documents
    left join sources
        on {{ same_key('documents', 'sources', key) }}
    left join connections
        on
            documents.tenant_id = connections.tenant_id
            and documents.source_system = connections.source_system

),

addressed as (

    select
        keyed.*,
        contacts.record_key as contact_key,
        contacts.contact_id as resolved_contact_id,
        contacts.sent_contact_id,
        contacts.needed_contact_key,
        contacts.contact_age,
        contacts.template_contact,
        contacts.findings as contact_findings,
        case when keyed.entity in ('invoices', 'bills') then {{ document_url('keyed.record_key') }} end as url,
        case when sent.is_confirmed and coalesce(sent.operation, '') <> 'delete' then sent.target_id end
            as ledger_target_id,
        coalesce(sent.is_confirmed, false) as is_confirmed,
        coalesce(sent.is_open, false) as is_open,
        sent.content_hash as sent_content_hash,
        sent.facts as sent_facts,
        sent.payload as sent_payload,
        {{ json_text('sent.facts', "'$.purchase_method'") }} as sent_purchase_method
    from keyed
    left join contacts
        on
            keyed.tenant_id = contacts.tenant_id
            and keyed.source_system = contacts.source_system
            and keyed.side = contacts.side
            and keyed.source_contact_id = contacts.source_contact_id
    left join sent
        on
            keyed.tenant_id = sent.tenant_id
            and keyed.entity = sent.entity
            and keyed.record_key = sent.record_key

),

final as (

    select
        *,
        coalesce(sent_purchase_method <> purchase_method, false) as is_role_changed,
        -- Two documents of one number: the first goes, the other has to wait for another number.
        row_number() over (
            partition by
                tenant_id, type_code, number,
                case when side = 'purchases' then coalesce(resolved_contact_id, contact_key, record_key) else '' end
            order by case when ledger_target_id is not null then 0 else 1 end, record_key
        ) as number_claim
    from addressed
    where not is_sent or (is_confirmed and sent_purchase_method <> purchase_method)

)

select * from final
