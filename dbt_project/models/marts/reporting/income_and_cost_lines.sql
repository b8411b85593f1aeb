{#- A view, so that a build does no work for it; publishing copies its rows. Spark publishes tables alone. -#}
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}

with lines as (

    select * from {{ ref('int_document_lines_posted') }}
    where income_kind is not null or account_type = 'DIRECTCOSTS'

),

documents as (

    select * from {{ ref('int_documents_unified') }}

),

written_lines as (

    select * from {{ ref('int_document_lines_tracked') }}

),

final as (

    select
        lines.tenant_id,
        lines.source_type,
        lines.document_id,
        lines.line_id,
        coalesce(lines.income_kind, 'cost_of_sales') as line_kind,
        lines.document_date,
        lines.month,
        documents.document_type,
        documents.document_label,
        documents.document_number,
        documents.reference,
        written_lines.description,
        coalesce(lines.contact_id, 'none') as contact_id,
        documents.contact_name,
        lines.account_id,
        lines.analysis_code,
        lines.account_name as analysis_name,
        lines.report_as_code,
        coalesce(lines.analysis_2_option_id, 'none') as tracking_option_id_2,
        lines.analysis_2 as tracking_option_2,
        coalesce(lines.analysis_2_source, 'none') as tracking_source_2,
        coalesce(lines.analysis_3_option_id, 'none') as tracking_option_id_3,
        lines.analysis_3 as tracking_option_3,
        coalesce(lines.analysis_3_source, 'none') as tracking_source_3,
        lines.base_currency,
        cast(
            case when lines.income_kind is not null then -lines.debit_base else lines.debit_base end as decimal(18, 4)
        ) as net_amount_base
    from lines
    left join documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_id = documents.document_id
    left join written_lines
        on
            lines.tenant_id = written_lines.tenant_id
            and lines.document_id = written_lines.document_id
            and lines.line_id = written_lines.line_id

)

select * from final
