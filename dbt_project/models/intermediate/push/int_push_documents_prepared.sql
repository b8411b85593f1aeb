{{ config(materialized='table') }}

{#-
    The documents that are to be in Xero, with what Xero holds of each. One of ours is found by the push
    ledger; else by our key in its Url, or at the end of a journal's narration; else, while an answer to its creation is still out, by its number.
    Any other document with its number is a stranger's.
-#}
{%- set key = outgoing_document_key() -%}

with due as (

    select * from {{ ref('int_push_documents_addressed') }}

),

xero_documents as (

    {%- for model, places in {
        'stg_xero__invoices': "url",
        'stg_xero__credit_notes': "cast(null as " ~ dbt.type_string() ~ ")",
    }.items() %}
    select
        tenant_id,
        document_id,
        document_type_code,
        document_number,
        nullif(reference, '') as reference,
        document_status,
        document_date,
        due_date,
        contact_id,
        line_amount_types,
        currency_code,
        currency_rate,
        {{ places }} as url,
        cast(null as {{ dbt.type_string() }}) as narration
    from {{ ref(model) }}
    where not is_deleted
    union all
    {%- endfor %}
    select
        tenant_id,
        document_id,
        'JOURNAL' as document_type_code,
        cast(null as {{ dbt.type_string() }}) as document_number,
        cast(null as {{ dbt.type_string() }}) as reference,
        document_status,
        document_date,
        cast(null as date) as due_date,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        line_amount_types,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(null as decimal(18, 6)) as currency_rate,
        url,
        narration
    from {{ ref('stg_xero__manual_journals') }}
    where not is_deleted

),

-- One that was voided or deleted in Xero is held no more: the stock that moved is in no journal again.
journals as (

    select * from {{ ref('int_stock_journals_held') }}

),

same_number as (

    select
        due.tenant_id,
        due.record_key,
        max(case when held.url = due.url then held.document_id end) as marked_id,
        max(
            case
                when held.url is distinct from due.url and held.document_id is distinct from due.ledger_target_id
                    then held.document_id
            end
        ) as stranger_id
    from due
    inner join xero_documents as held
        on
            due.tenant_id = held.tenant_id
            and due.type_code = held.document_type_code
            and due.number = held.document_number
    where
        held.document_status not in ('DELETED', 'VOIDED')
        and (due.side = 'sales' or held.contact_id = due.resolved_contact_id)
    group by due.tenant_id, due.record_key

),

identified as (

    select
        due.*,
        case
            when journals.journal_status in ('DRAFT', 'POSTED') then journals.manual_journal_id
            when journals.manual_journal_id is null then
                coalesce(
                    due.ledger_target_id, same_number.marked_id, case when due.is_open then same_number.stranger_id end
                )
        end as target_id,
        case when journals.journal_status not in ('DRAFT', 'POSTED') then journals.manual_journal_id end
            as gone_journal_id,
        journals.journal_status,
        case
            when not due.is_open or due.ledger_target_id is not null or same_number.marked_id is not null
                then same_number.stranger_id
        end as stranger_id
    from due
    left join same_number
        on
            due.tenant_id = same_number.tenant_id
            and due.record_key = same_number.record_key
    left join journals
        on
            due.tenant_id = journals.tenant_id
            and due.record_key = journals.record_key

),

final as (

    select
        {{ key_of('identified', key) }},
        identified.entity,
        identified.record_key,
        identified.side,
        identified.document_number,
        identified.number,
        identified.type_code,
        {{ tidy_text("case when identified.side = 'sales' then identified.reference end") }} as reference,
        identified.url,
        identified.contact_key,
        identified.contact_name,
        identified.contact_age,
        identified.template_contact,
        identified.sent_contact_id,
        identified.needed_contact_key,
        identified.contact_findings,
        identified.document_date,
        case when identified.document_type <> 'credit_note' then identified.due_date end as due_date,
        identified.line_amount_type,
        identified.currency_code,
        case when identified.currency_code <> organisations.base_currency then identified.currency_rate end
            as currency_rate,
        cast(identified.xero_net + identified.rounding_amount as decimal(18, 4)) as xero_net,
        identified.xero_tax,
        cast(identified.xero_total + identified.rounding_amount as decimal(18, 4)) as xero_total,
        identified.source_total,
        identified.purchase_method,
        identified.sent_purchase_method,
        identified.is_role_changed,
        identified.number_claim,
        identified.target_id,
        identified.stranger_id,
        identified.sent_content_hash,
        identified.sent_facts,
        identified.sent_payload,
        organisations.locked_to,
        held.document_id is not null as is_held,
        held.document_status as held_status,
        held.document_type_code as held_type_code,
        held.document_number as held_number,
        held.reference as held_reference,
        held.contact_id as held_contact_id,
        held.document_date as held_date,
        held.due_date as held_due_date,
        held.line_amount_types as held_line_amount_types,
        held.currency_code as held_currency_code,
        held.currency_rate as held_currency_rate,
        held.url as held_url,
        held.narration as held_narration,
        identified.gone_journal_id,
        identified.journal_status,
        versions.version_hash as held_version,
        case when identified.target_id is null then 'create' else 'update' end as operation_hint,
        case
            when identified.document_type = 'cogs' then 'Journal ' || identified.document_number
            else
                {{
                    document_words(
                        'identified.document_type', 'identified.side', 'identified.document_number',
                        'identified.document_id'
                    )
                }}
        end
        || case identified.side
            when 'sales' then ' to ' || coalesce(identified.contact_name, 'nobody')
            when 'purchases' then ' from ' || coalesce(identified.contact_name, 'nobody')
            else ''
        end as label
    from identified
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on identified.tenant_id = organisations.tenant_id
    left join xero_documents as held
        on
            identified.tenant_id = held.tenant_id
            and identified.target_id = held.document_id
    left join {{ ref('stg_push__held_versions') }} as versions
        on
            identified.tenant_id = versions.tenant_id
            and identified.target_id = versions.record_id
            and versions.record_type
            = case
                when identified.entity in ('credit_notes', 'manual_journals') then 'xero__' || identified.entity
                else 'xero__invoices'
            end

)

select * from final
