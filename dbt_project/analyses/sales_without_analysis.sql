-- Which posted sales lines have no Analysis 2 or 3 at all, not even by the customer's default?
-- In the latest three months with sales; the document number is what to open in Xero.
with lines as (
    select
        *,
        bool_or(analysis_2 is not null) over (partition by tenant_id) as uses_analysis_2,
        bool_or(analysis_3 is not null) over (partition by tenant_id) as uses_analysis_3
    from crm.sales_transaction_lines
    where is_posted
),

latest as (
    select
        tenant_id,
        max(date_trunc('month', document_date)) as month
    from lines
    group by all
)

select
    organisations.organisation_name,
    lines.document_number,
    lines.line_number,
    lines.document_date,
    lines.contact_name,
    lines.description,
    lines.analysis_1,
    lines.analysis_2,
    lines.analysis_3,
    lines.base_currency,
    lines.net_amount_base
from lines
inner join latest
    on
        lines.tenant_id = latest.tenant_id
        and lines.document_date >= latest.month - interval 2 month
left join reporting.reconciliation_gate as organisations on lines.tenant_id = organisations.tenant_id
where
    lines.net_amount_base <> 0
    and (
        (lines.uses_analysis_2 and lines.analysis_2 is null)
        or (lines.uses_analysis_3 and lines.analysis_3 is null)
    )
order by
    organisations.organisation_name asc,
    abs(lines.net_amount_base) desc,
    lines.document_id asc,
    lines.line_id asc
