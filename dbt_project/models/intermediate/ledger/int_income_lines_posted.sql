with lines as (

    select * from {{ ref('int_document_lines_tracked') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

report_codes as (

    select * from {{ ref('int_report_codes_bound') }}

),

-- Only what is in the books: drafts, voided and deleted documents are in no report, and neither is a line
-- whose base amount is unknown (quality.exceptions lists it).
final as (

    select
        lines.tenant_id,
        case lines.document_type
            when 'invoice' then 'sales_invoice'
            when 'credit_note' then 'sales_credit_note'
        end as source_type,
        lines.document_id,
        lines.line_id,
        cast(date_trunc('month', lines.document_date) as date) as month,
        accounts.account_id,
        accounts.analysis_code,
        accounts.account_name,
        accounts.account_class,
        accounts.account_type,
        accounts.reported_account_name,
        accounts.reported_account_class,
        accounts.reported_account_type,
        accounts.income_kind,
        coalesce(report_codes.report_as_code, accounts.analysis_code) as report_as_code,
        lines.base_currency,
        lines.analysis_2_option_id,
        lines.analysis_2_source,
        lines.analysis_2,
        lines.analysis_3_option_id,
        lines.analysis_3_source,
        lines.analysis_3,
        lines.net_amount_base
    from lines
    inner join accounts
        on
            lines.tenant_id = accounts.tenant_id
            and lines.account_id = accounts.account_id
    left join report_codes
        on
            accounts.tenant_id = report_codes.tenant_id
            and accounts.account_id = report_codes.account_id
            and lines.document_date >= report_codes.valid_from
            and lines.document_date <= report_codes.valid_to
            and lines.document_date < report_codes.superseded_from
    where
        lines.is_posted
        and lines.side = 'sales'
        and lines.document_date is not null
        and accounts.income_kind is not null
        and lines.net_amount_base is not null

)

select * from final
