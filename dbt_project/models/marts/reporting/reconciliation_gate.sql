{#- The account types that hold an organisation back; a difference on any other is a finding only. -#}
{%- set gating = var('reconciliation_gate_types', ['REVENUE', 'SALES', 'OTHERINCOME', 'DIRECTCOSTS']) -%}

{%- set gating_types = "'" ~ gating | join("', '") ~ "'" %}

with reconciliation as (

    select * from {{ ref('reconciliation') }}
    where report = 'profit_and_loss' and account_type in ({{ gating_types }})

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

final as (

    select
        organisations.tenant_id,
        organisations.organisation_name,
        coalesce(max(case when not reconciliation.is_reconciled then 1 else 0 end) = 1, false) as is_held_back,
        cast(sum(case when not reconciliation.is_reconciled then 1 else 0 end) as bigint) as unreconciled_count,
        cast(min(case when not reconciliation.is_reconciled then reconciliation.period end) as date)
            as first_unreconciled_period,
        cast(
            coalesce(sum(case when not reconciliation.is_reconciled then abs(reconciliation.unexplained_amount) end), 0)
            as decimal(18, 4)
        ) as unexplained_amount,
        cast(count(reconciliation.account_id) as bigint) as compared_count
    from organisations
    left join reconciliation
        on organisations.tenant_id = reconciliation.tenant_id
    group by organisations.tenant_id, organisations.organisation_name

)

select * from final
