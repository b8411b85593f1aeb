{%- set stale_draft_days = var('stale_draft_days', 30) -%}
{%- set overdue_days = var('overdue_days', 90) -%}

with documents as (

    select
        *,
        {{ to_base('total', 'currency_rate') }} as total_base,
        {{ to_base('amount_open', 'currency_rate') }} as open_base,
        {{ as_of() }} as as_of_date
    from {{ ref('int_documents_unified') }}
    where is_posted or is_draft

),

organisations as (

    select
        tenant_id,
        -- The later of the two binds all but advisers.
        greatest(
            coalesce(period_lock_date, end_of_year_lock_date), coalesce(end_of_year_lock_date, period_lock_date)
        ) as lock_date,
        extracted_at
    from {{ ref('stg_xero__organisations') }}

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

judged as (

    select
        documents.tenant_id,
        documents.document_type as record_type,
        documents.document_id as record_id,
        documents.document_label as record_label,
        documents.document_date,
        documents.due_date,
        documents.contact_name,
        organisations.lock_date,
        case when documents.is_credit then -documents.total_base else documents.total_base end as total_base,
        case when documents.is_credit then -documents.open_base else documents.open_base end as open_base,
        documents.extracted_at,
        greatest(documents.extracted_at, organisations.extracted_at) as lock_seen_at,
        greatest(documents.extracted_at, contacts.extracted_at) as contact_seen_at,
        documents.is_draft
        and documents.document_date < {{ dbt.dateadd('day', -stale_draft_days, 'documents.as_of_date') }} as is_stale,
        documents.is_draft and documents.document_date <= organisations.lock_date as is_locked,
        documents.is_posted and documents.amount_open > 0 and not documents.is_credit
        and documents.due_date < {{ dbt.dateadd('day', -overdue_days, 'documents.as_of_date') }} as is_overdue,
        documents.is_posted and documents.amount_open > 0 and documents.is_credit
        and documents.document_date < {{ dbt.dateadd('day', -overdue_days, 'documents.as_of_date') }} as is_unused,
        contacts.contact_status = 'ARCHIVED'
        and (documents.is_draft or documents.amount_open > 0) as is_of_archived_contact
    from documents
    left join organisations
        on documents.tenant_id = organisations.tenant_id
    left join contacts
        on
            documents.tenant_id = contacts.tenant_id
            and documents.contact_id = contacts.contact_id

),

findings as (

    select
        *,
        'stale_draft' as rule,
        ' of ' || cast(document_date as {{ dbt.type_string() }})
        || ' is still a draft after more than {{ stale_draft_days }} days, so that it is in no report.'
        || ' Approve it in Xero, or delete it.' as problem,
        total_base as amount_base,
        extracted_at as first_seen_at
    from judged
    where is_stale
    union all
    select
        *,
        'draft_in_locked_period' as rule,
        ' is a draft dated ' || cast(document_date as {{ dbt.type_string() }})
        || ', on or before the lock date ' || cast(lock_date as {{ dbt.type_string() }})
        || ', and cannot be approved. Change its date, or delete it.' as problem,
        total_base as amount_base,
        lock_seen_at as first_seen_at
    from judged
    where is_locked
    union all
    select
        *,
        'long_overdue' as rule,
        ' was due on ' || cast(due_date as {{ dbt.type_string() }})
        || ' and is unpaid after more than {{ overdue_days }} days. Chase it, enter its payment, or write it off.'
            as problem,
        open_base as amount_base,
        extracted_at as first_seen_at
    from judged
    where is_overdue
    union all
    select
        *,
        'credit_not_used' as rule,
        ' of ' || cast(document_date as {{ dbt.type_string() }})
        || ' is not used up after more than {{ overdue_days }} days. Allocate it to a document, or refund it.'
            as problem,
        open_base as amount_base,
        extracted_at as first_seen_at
    from judged
    where is_unused
    union all
    select
        *,
        'open_document_of_archived_contact' as rule,
        ' is open, and its contact ' || coalesce(contact_name, '') || ' is archived. Restore the contact, or settle it.'
            as problem,
        coalesce(open_base, total_base) as amount_base,
        contact_seen_at as first_seen_at
    from judged
    where is_of_archived_contact

),

final as (

    select
        tenant_id,
        rule,
        'warning' as severity,
        record_type,
        record_id,
        record_label,
        record_label || problem as message,
        amount_base,
        first_seen_at
    from findings
    where record_type is not null

)

select * from final
