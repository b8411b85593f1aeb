-- Revenue and cost of sales are those of the profit and loss, month by month and account by account. (Journals also
-- hold what no document tells: reporting.ledger_basis_differences names it.)
with reported as (

    select
        tenant_id,
        month,
        analysis_code,
        net_amount_base
    from {{ ref('revenue_by_analysis_code') }}
    union all
    select
        tenant_id,
        month,
        analysis_code,
        -net_amount_base as net_amount_base
    from {{ ref('cost_of_sales_by_analysis_code') }}
    where source_type <> 'tracked_inventory'

),

posted as (

    select
        tenant_id,
        month,
        coalesce(account_code, 'none') as analysis_code,
        -net_amount_base as net_amount_base
    from {{ ref('profit_and_loss') }}
    where account_type in ('REVENUE', 'SALES', 'OTHERINCOME', 'DIRECTCOSTS')

),

compared as (

    select * from reported
    union all
    select * from posted

)

select
    compared.tenant_id,
    compared.month,
    compared.analysis_code,
    sum(compared.net_amount_base) as out_by
from compared
inner join {{ ref('int_ledger_bases_chosen') }} as bases
    on compared.tenant_id = bases.tenant_id
where bases.basis = 'documents'
group by compared.tenant_id, compared.month, compared.analysis_code
having sum(compared.net_amount_base) <> 0
