-- Whatever it is broken down by, a month's income is the same, and so is its cost of sales.
{%- set breakdowns = {
    'income': ['revenue_by_analysis_code', 'revenue_by_customer', 'revenue_by_item'],
    'cost': ['cost_of_sales_by_analysis_code', 'cost_of_sales_by_contact', 'cost_of_sales_by_tracking_option'],
} %}
with totals as (

    {%- for what, marts in breakdowns.items() %}
    {%- for mart in marts %}
    select
        '{{ what }}' as what,
        '{{ mart }}' as mart,
        tenant_id,
        month,
        base_currency,
        sum(net_amount_base) as amount_base
    from {{ ref(mart) }}
    {%- if mart == 'cost_of_sales_by_tracking_option' %}
    where analysis_slot = 2
    {%- endif %}
    {%- if mart == 'cost_of_sales_by_analysis_code' %}
    -- Xero's own postings for tracked inventory are on no line.
    where source_type <> 'tracked_inventory'
    {%- endif %}
    group by tenant_id, month, base_currency
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    what,
    tenant_id,
    month,
    base_currency,
    min(amount_base) as least,
    max(amount_base) as most,
    count(*) as mart_count
from totals
group by what, tenant_id, month, base_currency
having min(amount_base) <> max(amount_base) or count(*) <> 3
