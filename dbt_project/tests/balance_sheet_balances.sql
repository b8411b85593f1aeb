-- Assets are liabilities and equity, at every month's end.
select
    tenant_id,
    month_end,
    sum(case when coalesce(account_class, 'ASSET') = 'ASSET' then balance_base else -balance_base end) as out_by
from {{ ref('balance_sheet') }}
group by tenant_id, month_end
having sum(case when coalesce(account_class, 'ASSET') = 'ASSET' then balance_base else -balance_base end) <> 0
