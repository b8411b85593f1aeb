with lines as (

    select * from {{ ref('int_document_lines_tracked') }}
    -- Voided and deleted documents need no attention.
    where is_posted or is_draft

),

documents as (

    select * from {{ ref('int_documents_unified') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

judged as (

    select
        lines.tenant_id,
        lines.document_id,
        lines.line_id,
        lines.line_number,
        lines.document_type,
        lines.is_posted,
        lines.net_amount_base,
        coalesce(accounts.account_code, lines.stated_account_code) as account_code,
        accounts.account_name,
        accounts.account_class,
        accounts.extracted_at as account_extracted_at,
        accounts.account_id is null
        and coalesce(lines.account_id, lines.stated_account_code) is not null as is_unknown,
        -- A line of text has no amount and needs no account; a draft may still get one.
        coalesce(lines.account_id, lines.stated_account_code) is null
        and lines.is_posted and coalesce(lines.net_amount, 1) <> 0 as is_uncoded,
        lines.is_draft and accounts.account_status in ('ARCHIVED', 'DELETED') as is_archived,
        -- Money received may be for anything; an invoice is for a sale.
        lines.document_type in ('invoice', 'credit_note') and accounts.account_class <> 'REVENUE' as is_not_revenue
    from lines
    left join accounts
        on
            lines.tenant_id = accounts.tenant_id
            and lines.account_id = accounts.account_id

),

open_lines as (

    select
        judged.tenant_id,
        judged.document_type || '_line' as record_type,
        judged.document_id || '/' || judged.line_id as record_id,
        documents.document_label || ', line ' || cast(judged.line_number as {{ dbt.type_string() }}) as record_label,
        case when judged.is_posted then 'error' else 'warning' end as severity_by_status,
        judged.net_amount_base as amount_base,
        judged.account_code,
        judged.account_name,
        lower(judged.account_class) as account_class,
        greatest(documents.extracted_at, coalesce(judged.account_extracted_at, documents.extracted_at))
            as first_seen_at,
        judged.is_unknown,
        judged.is_uncoded,
        judged.is_archived,
        judged.is_not_revenue
    from judged
    inner join documents
        on
            judged.tenant_id = documents.tenant_id
            and judged.document_id = documents.document_id
    where judged.is_unknown or judged.is_uncoded or judged.is_archived or judged.is_not_revenue

),

findings as (

    select
        *,
        'unknown_code' as rule,
        severity_by_status as severity,
        ' has account ' || coalesce(account_code, 'without a code')
        || ', which the chart of accounts does not have or has more than once. Correct the line in Xero.' as problem
    from open_lines
    where is_unknown
    union all
    select
        *,
        'line_without_code' as rule,
        severity_by_status as severity,
        ' has an amount but no account, so that it is in no report. Give it an account in Xero.' as problem
    from open_lines
    where is_uncoded
    union all
    select
        *,
        'archived_code_on_new_document' as rule,
        'warning' as severity,
        ' has account ' || coalesce(account_code || ' ', '') || account_name
        || ', which is archived: Xero will refuse to approve it. Choose another account, or restore it.' as problem
    from open_lines
    where is_archived
    union all
    select
        *,
        'sales_line_on_non_revenue_account' as rule,
        'warning' as severity,
        ' is coded to ' || coalesce(account_code || ' ', '') || account_name || ', an account of class '
        || account_class || ', so that it is not revenue. Recode it in Xero if it should be.' as problem
    from open_lines
    where is_not_revenue

),

final as (

    select
        tenant_id,
        rule,
        severity,
        record_type,
        record_id,
        record_label,
        record_label || problem as message,
        amount_base,
        first_seen_at
    from findings

)

select * from final
