-- Each slot of each month totals to the month's income, over all options, none included.
with income as (

    select
        tenant_id,
        month,
        income_kind,
        sum(net_amount_base) as amount_base
    from {{ ref('revenue_by_analysis_code') }}
    group by tenant_id, month, income_kind

),

slots as (

    select 2 as analysis_slot
    union all
    select 3 as analysis_slot

),

expected as (

    select
        income.tenant_id,
        income.month,
        income.income_kind,
        slots.analysis_slot,
        income.amount_base
    from income
    cross join slots

),

shown as (

    select
        tenant_id,
        month,
        income_kind,
        analysis_slot,
        sum(net_amount_base) as amount_base
    from {{ ref('revenue_by_tracking_option') }}
    group by tenant_id, month, income_kind, analysis_slot

)

select
    expected.tenant_id,
    expected.month,
    expected.analysis_slot,
    expected.amount_base as income,
    shown.amount_base as by_option
from expected
full outer join shown
    on
        expected.tenant_id = shown.tenant_id
        and expected.month = shown.month
        and expected.income_kind = shown.income_kind
        and expected.analysis_slot = shown.analysis_slot
where coalesce(expected.amount_base, 0) <> coalesce(shown.amount_base, 0) or shown.tenant_id is null
