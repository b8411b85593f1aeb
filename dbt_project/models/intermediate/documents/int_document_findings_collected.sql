with documents as (

    select * from {{ ref('int_documents_unified') }}

),

documents_with_lines as (

    select
        tenant_id,
        document_id,
        -- Unknown where a line's amount is.
        case when count(gross_amount) = count(*) then abs(sum(gross_amount)) end as of_lines
    from {{ ref('int_document_lines_tracked') }}
    group by tenant_id, document_id

),

without_lines as (

    select
        documents.tenant_id,
        'posted_document_without_lines' as rule,
        'error' as severity,
        documents.document_type as record_type,
        documents.document_id as record_id,
        documents.document_label as record_label,
        documents.document_label || ' is ' || lower(documents.document_status)
        || ' but came without lines, so that its amount is in no analysis. Read it again with a whole sync;'
        || ' if it stays empty, look at it in Xero.' as message,
        case
            when documents.is_credit then -{{ to_base('documents.total', 'documents.currency_rate') }}
            else {{ to_base('documents.total', 'documents.currency_rate') }}
        end as amount_base,
        documents.extracted_at as first_seen_at
    from documents
    left join documents_with_lines
        on
            documents.tenant_id = documents_with_lines.tenant_id
            and documents.document_id = documents_with_lines.document_id
    where documents.is_posted and documents_with_lines.document_id is null

),

without_rate as (

    select
        tenant_id,
        'foreign_document_without_rate' as rule,
        case when is_posted then 'error' else 'warning' end as severity,
        document_type as record_type,
        document_id as record_id,
        document_label as record_label,
        document_label || ' is in ' || coalesce(currency_code, 'no stated currency')
        || coalesce(' for ' || cast(total as {{ dbt.type_string() }}), '')
        || ' and has no exchange rate to ' || coalesce(base_currency, 'the base currency')
        || ', so that it counts in no report. Give it a rate in Xero.' as message,
        cast(null as decimal(18, 4)) as amount_base,
        extracted_at as first_seen_at
    from documents
    where currency_rate is null and (is_posted or is_draft)

),

total_differs as (

    select
        documents.tenant_id,
        'document_total_differs' as rule,
        'error' as severity,
        documents.document_type as record_type,
        documents.document_id as record_id,
        documents.document_label as record_label,
        documents.document_label || ' is of ' || cast(documents.total as {{ dbt.type_string() }})
        || ', and its lines, tax included, add up to '
        || cast(documents_with_lines.of_lines as {{ dbt.type_string() }})
        || '. Read it again with a whole sync; if it stays so, look at it in Xero.' as message,
        {{ to_base('documents.total - documents_with_lines.of_lines', 'documents.currency_rate') }} as amount_base,
        documents.extracted_at as first_seen_at
    from documents
    inner join documents_with_lines
        on
            documents.tenant_id = documents_with_lines.tenant_id
            and documents.document_id = documents_with_lines.document_id
    where documents.is_posted and abs(documents.total) <> documents_with_lines.of_lines

),

final as (

    select * from without_lines
    union all
    select * from total_differs
    union all
    select * from without_rate

)

select * from final
