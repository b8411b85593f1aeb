-- Of sales documents, the report holds all of the posted lines on income accounts and nothing else, computed a
-- second way: from the published lines and the chart of accounts.
with lines as (

    select
        lines.tenant_id,
        sum(lines.net_amount_base) as amount_base,
        count(*) as line_count
    from {{ ref('sales_transaction_lines') }} as lines
    inner join {{ ref('stg_xero__accounts') }} as accounts
        on
            lines.tenant_id = accounts.tenant_id
            and lines.account_id = accounts.account_id
    where
        lines.document_status in ('AUTHORISED', 'PAID')
        and lines.is_posted
        and lines.document_date is not null
        and accounts.account_type in ('REVENUE', 'SALES', 'OTHERINCOME')
        and lines.net_amount_base is not null
    group by lines.tenant_id

),

report as (

    select
        tenant_id,
        sum(net_amount_base) as amount_base,
        sum(line_count) as line_count
    from {{ ref('revenue_by_analysis_code') }}
    where source_type in ('sales_invoice', 'sales_credit_note')
    group by tenant_id

)

select
    coalesce(lines.tenant_id, report.tenant_id) as tenant_id,
    lines.amount_base as of_lines,
    report.amount_base as of_report
from lines
full outer join report
    on lines.tenant_id = report.tenant_id
where
    coalesce(lines.amount_base, 0) <> coalesce(report.amount_base, 0)
    or coalesce(lines.line_count, 0) <> coalesce(report.line_count, 0)
