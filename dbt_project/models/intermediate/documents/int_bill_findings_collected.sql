with documents as (

    select
        *,
        {{ to_base('total', 'currency_rate') }} as total_base,
        {{ as_of() }} as as_of_date
    from {{ ref('int_documents_unified') }}
    where is_posted or is_draft

),

-- Xero lets two bills of a supplier bear one number; it is usually one bill entered twice.
numbered as (

    select
        tenant_id,
        document_type as record_type,
        document_id as record_id,
        document_label as record_label,
        contact_name,
        document_date,
        due_date,
        total_base as amount_base,
        extracted_at,
        is_posted,
        document_type = 'bill' and coalesce(document_number, '') = '' and is_posted as is_unnumbered,
        due_date < document_date as is_due_too_early,
        is_posted and document_date > {{ dbt.dateadd('day', 31, 'as_of_date') }} as is_in_future,
        case
            when document_type = 'bill' and document_number <> ''
                then count(*) over (partition by tenant_id, document_type, contact_id, lower(trim(document_number)))
        end as bearers,
        max(extracted_at) over (
            partition by tenant_id, document_type, contact_id, lower(trim(document_number))
        ) as bearers_seen_at
    from documents

),

findings as (

    select
        *,
        'bill_number_repeated' as rule,
        ' has a number that ' || cast(bearers as {{ dbt.type_string() }}) || ' bills of '
        || coalesce(contact_name, 'one supplier') || ' bear. Make sure that it was not entered twice.' as problem,
        bearers_seen_at as first_seen_at
    from numbered
    where bearers > 1
    union all
    select
        *,
        'bill_without_number' as rule,
        ' of ' || coalesce(contact_name, 'a supplier') || ', dated '
        || coalesce(cast(document_date as {{ dbt.type_string() }}), 'nowhere')
        || {{ text_literal(
            ", has no number, so that nothing shows whether it is entered twice. Enter the supplier's number."
        ) }}
            as problem,
        extracted_at as first_seen_at
    from numbered
    where is_unnumbered
    union all
    select
        *,
        'due_before_its_date' as rule,
        ' is due on ' || cast(due_date as {{ dbt.type_string() }}) || ', before its date '
        || cast(document_date as {{ dbt.type_string() }}) || '. Correct one of them in Xero.' as problem,
        extracted_at as first_seen_at
    from numbered
    where is_due_too_early
    union all
    select
        *,
        'posted_in_the_future' as rule,
        ' is posted on ' || cast(document_date as {{ dbt.type_string() }})
        || ', more than a month ahead, so that it is in no report until then. Correct its date if it is wrong.'
            as problem,
        extracted_at as first_seen_at
    from numbered
    where is_in_future

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
