-- Do the tables agree with Xero's own reports, and what explains where they differ?
select
    organisations.organisation_name,
    compared.report,
    min(compared.period) as first_period,
    max(compared.period) as last_period,
    count(*) as figures_compared,
    count(*) filter (where compared.difference = 0) as equal,
    count(*) filter (where compared.difference <> 0 and compared.is_reconciled) as explained,
    count(*) filter (where not compared.is_reconciled) as not_explained,
    coalesce(
        string_agg(distinct compared.cause, ', ' order by compared.cause)
        filter (where compared.difference <> 0),
        ''
    ) as causes,
    max(compared.xero_read_at) as xero_read_at
from reporting.reconciliation as compared
left join reporting.reconciliation_gate as organisations on compared.tenant_id = organisations.tenant_id
group by organisations.organisation_name, compared.tenant_id, compared.report
order by organisations.organisation_name, compared.report
