-- Who owes what, in which currency, and for how long?
-- At the latest month end; ages are in the currency of the documents, `total_base` in base currency.
with latest as (
    select
        tenant_id,
        max(month_end) as month_end
    from reporting.receivables_aging
    group by all
)

select
    organisations.organisation_name,
    receivables.month_end,
    receivables.currency_code,
    receivables.contact_name,
    receivables.not_due,
    receivables.days_1_30,
    receivables.days_31_60,
    receivables.days_61_90,
    receivables.over_90,
    receivables.total_amount,
    receivables.base_currency,
    receivables.total_base
from reporting.receivables_aging as receivables
inner join latest
    on
        receivables.tenant_id = latest.tenant_id
        and receivables.month_end = latest.month_end
left join reporting.reconciliation_gate as organisations on receivables.tenant_id = organisations.tenant_id
order by
    organisations.organisation_name asc,
    receivables.currency_code asc,
    receivables.over_90 desc,
    receivables.total_amount desc,
    receivables.contact_id asc
