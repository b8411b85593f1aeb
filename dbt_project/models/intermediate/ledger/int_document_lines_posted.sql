{{ config(materialized='table') }}

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
        {{ source_type_of('lines.document_type') }} as source_type,
        lines.document_id,
        lines.line_id,
        lines.document_date,
        cast(date_trunc('month', lines.document_date) as date) as month,
        lines.contact_id,
        lines.item_id,
        case when lines.side = 'sales' then lines.quantity_signed else -lines.quantity_signed end as quantity_sold,
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
        report_codes.report_as_code is not null as is_mapped,
        lines.base_currency,
        lines.analysis_2_option_id,
        lines.analysis_2_source,
        lines.analysis_2,
        lines.analysis_3_option_id,
        lines.analysis_3_source,
        lines.analysis_3,
        -- A sale credits its account, all else debits it.
        case when lines.side = 'sales' then -lines.net_amount_base else lines.net_amount_base end as debit_base
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
        and lines.document_date is not null
        and lines.net_amount_base is not null

)

select * from final
