with lines as (

    select * from {{ ref('int_document_lines_tracked') }}

),

documents as (

    select * from {{ ref('int_documents_unified') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

report_codes as (

    select * from {{ ref('int_report_codes_bound') }}

),

final as (

    select
        lines.tenant_id,
        lines.document_id,
        lines.line_id,
        documents.document_type,
        documents.document_number,
        documents.reference,
        documents.document_status,
        documents.is_posted,
        documents.document_date,
        documents.due_date,
        documents.contact_id,
        documents.contact_name,
        documents.account_number,
        lines.line_number,
        lines.item_id,
        lines.item_code,
        lines.description,
        lines.quantity,
        lines.unit_amount,
        lines.discount_rate,
        lines.discount_amount,
        documents.line_amount_type,
        lines.tax_type,
        lines.net_amount,
        lines.tax_amount,
        lines.gross_amount,
        documents.currency_code,
        documents.currency_rate,
        documents.base_currency,
        lines.net_amount_base,
        lines.quantity_signed,
        lines.item_sales_analysis,
        lines.is_item_default_account,
        lines.account_id,
        -- An account that is not in the chart keeps the code that the line states.
        coalesce(accounts.account_code, lines.stated_account_code) as analysis_1,
        accounts.account_name as analysis_1_name,
        lines.analysis_2,
        lines.analysis_2_option_id,
        lines.analysis_2_source,
        lines.analysis_3,
        lines.analysis_3_option_id,
        lines.analysis_3_source,
        coalesce(report_codes.report_as_code, accounts.account_code, lines.stated_account_code) as report_as_code,
        documents.record_updated_at
    from lines
    inner join documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_id = documents.document_id
    left join accounts
        on
            lines.tenant_id = accounts.tenant_id
            and lines.account_id = accounts.account_id
    left join report_codes
        on
            lines.tenant_id = report_codes.tenant_id
            and lines.account_id = report_codes.account_id
            and documents.document_date >= report_codes.valid_from
            and documents.document_date <= report_codes.valid_to
            and documents.document_date < report_codes.superseded_from
    where documents.document_type in ('invoice', 'credit_note')

)

select * from final
