-- Revenue and cost of sales are those of the profit and loss, month by month and account by account.
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
    tenant_id,
    month,
    analysis_code,
    sum(net_amount_base) as out_by
from compared
group by tenant_id, month, analysis_code
having sum(net_amount_base) <> 0
