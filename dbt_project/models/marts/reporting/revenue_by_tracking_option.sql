with income_lines as (

    select * from {{ ref('int_income_lines_posted') }}

),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

-- Every line once per slot, with or without an option, so that each slot totals to the whole revenue.
slotted as (

    {% for slot in [2, 3] %}
    select
        tenant_id,
        month,
        cast({{ slot }} as bigint) as analysis_slot,
        coalesce(analysis_{{ slot }}_option_id, 'none') as tracking_option_id,
        coalesce(analysis_{{ slot }}_source, 'none') as tracking_source,
        analysis_code,
        income_kind,
        analysis_{{ slot }} as tracking_option_name,
        account_id,
        account_name,
        reported_account_name,
        base_currency,
        net_amount_base
    from income_lines
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

totals as (

    select
        tenant_id,
        month,
        analysis_slot,
        tracking_option_id,
        tracking_source,
        analysis_code,
        income_kind,
        base_currency,
        max(tracking_option_name) as tracking_option_name,
        -- The account's own name; where the amount is of two accounts with one code, that of the one in use.
        case
            when min(account_id) = max(account_id) then max(account_name)
            else max(reported_account_name)
        end as analysis_name,
        sum(net_amount_base) as net_amount_base,
        count(*) as line_count
    from slotted
    group by
        tenant_id, month, analysis_slot, tracking_option_id, tracking_source, analysis_code, income_kind,
        base_currency

),

final as (

    select
        totals.tenant_id,
        totals.month,
        totals.analysis_slot,
        totals.tracking_option_id,
        totals.tracking_source,
        totals.analysis_code,
        slots.tracking_category_id,
        slots.tracking_category_name,
        totals.tracking_option_name,
        totals.analysis_name,
        totals.income_kind,
        totals.base_currency,
        cast(totals.net_amount_base as decimal(18, 4)) as net_amount_base,
        cast(totals.line_count as bigint) as line_count
    from totals
    left join slots
        on
            totals.tenant_id = slots.tenant_id
            and totals.analysis_slot = slots.analysis_slot

)

select * from final
