{{ config(materialized='table') }}

{#- What a line and the taking back of its share have of the line. -#}
{% set of_the_line = [
    'contact_id', 'item_id', 'account_id', 'base_currency', 'analysis_2_option_id', 'analysis_2_source', 'analysis_2',
    'analysis_3_option_id', 'analysis_3_source', 'analysis_3',
] -%}

with lines as (

    select
        *,
        -- A sale credits its account, all else debits it.
        case when side = 'sales' then -net_amount_base else net_amount_base end as debit_base
    from {{ ref('int_document_lines_tracked') }}
    where is_posted and document_type <> 'overpayment'

),

-- A prepayment is on its account only until it is used: each use takes back its share, on its own date.
reversals as (

    select * from {{ ref('int_advance_postings_reversed') }}
    where posting_kind = 'line'

),

amounts as (

    select
        tenant_id,
        {{ source_type_of('document_type') }} as source_type,
        document_id,
        line_id as posted_line_id,
        document_date as posted_on,
        case document_type
            when 'prepayment' then 0
            when 'manual_journal' then 0
            else case when side = 'sales' then quantity_signed else -quantity_signed end
        end as quantity_sold,
        debit_base,
        {{ of_the_line | join(', ') }}
    from lines
    union all
    select
        reversals.tenant_id,
        reversals.settlement_type as source_type,
        reversals.document_id,
        reversals.line_id || '/' || reversals.settlement_id as posted_line_id,
        reversals.settled_on as posted_on,
        0 as quantity_sold,
        reversals.net_amount_base as debit_base,
        lines.{{ of_the_line | join(', lines.') }}
    from reversals
    inner join lines
        on
            reversals.tenant_id = lines.tenant_id
            and reversals.document_id = lines.document_id
            and reversals.line_id = lines.line_id

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
        amounts.tenant_id,
        amounts.source_type,
        amounts.document_id,
        amounts.posted_line_id as line_id,
        amounts.posted_on as document_date,
        {{ month_of('amounts.posted_on') }} as month,
        amounts.contact_id,
        amounts.item_id,
        amounts.quantity_sold,
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
        amounts.base_currency,
        amounts.analysis_2_option_id,
        amounts.analysis_2_source,
        amounts.analysis_2,
        amounts.analysis_3_option_id,
        amounts.analysis_3_source,
        amounts.analysis_3,
        amounts.debit_base
    from amounts
    inner join accounts
        on
            amounts.tenant_id = accounts.tenant_id
            and amounts.account_id = accounts.account_id
    left join report_codes
        on
            accounts.tenant_id = report_codes.tenant_id
            and accounts.account_id = report_codes.account_id
            and amounts.posted_on >= report_codes.valid_from
            and amounts.posted_on <= report_codes.valid_to
            and amounts.posted_on < report_codes.superseded_from
    where
        amounts.posted_on is not null
        and amounts.debit_base is not null

)

select * from final
