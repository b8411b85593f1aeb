-- What is coded badly, and how much money does it touch?
-- `quality.exceptions` has a row for each record, with what to do about it.
with currencies as (
    select distinct
        tenant_id,
        base_currency
    from reporting.revenue_by_analysis_code
)

select
    organisations.organisation_name,
    findings.rule,
    findings.record_type,
    count(*) as findings,
    currencies.base_currency,
    coalesce(sum(abs(findings.amount_base)), 0) as money_touched,
    max_by(findings.message, coalesce(abs(findings.amount_base), 0)) as largest
from quality.exceptions as findings
left join currencies on findings.tenant_id = currencies.tenant_id
left join reporting.reconciliation_gate as organisations on findings.tenant_id = organisations.tenant_id
group by
    organisations.organisation_name,
    findings.tenant_id,
    findings.rule,
    findings.record_type,
    currencies.base_currency
order by organisations.organisation_name asc, money_touched desc, findings.rule asc, findings.record_type asc
