{#- Xero's order of its sections. -#}
{%- set sections = ['REVENUE', 'SALES', 'DIRECTCOSTS', 'OTHERINCOME', 'EXPENSE', 'OVERHEADS', 'DEPRECIATN'] -%}

with movements as (

    select * from {{ ref('int_account_movements_summed') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

months as (

    select * from {{ ref('int_financial_months_dated') }}

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

final as (

    select
        movements.tenant_id,
        movements.month,
        movements.account_id,
        accounts.account_code,
        accounts.account_name,
        accounts.account_class,
        accounts.account_type,
        cast(
            case accounts.account_type
                {% for section in sections %}
                when '{{ section }}' then {{ loop.index }}
                {% endfor %}
                else {{ sections | length + 1 }}
            end as bigint
        ) as section_order,
        organisations.base_currency,
        months.financial_year,
        months.financial_period,
        cast(-sum(movements.net_amount_base) as decimal(18, 4)) as net_amount_base
    from movements
    inner join accounts
        on
            movements.tenant_id = accounts.tenant_id
            and movements.account_id = accounts.account_id
    inner join organisations
        on movements.tenant_id = organisations.tenant_id
    left join months
        on
            movements.tenant_id = months.tenant_id
            and movements.month = months.month
    where accounts.account_class in ('REVENUE', 'EXPENSE')
    group by
        movements.tenant_id, movements.month, movements.account_id, accounts.account_code, accounts.account_name,
        accounts.account_class, accounts.account_type, organisations.base_currency, months.financial_year,
        months.financial_period
    having sum(movements.net_amount_base) <> 0

)

select * from final
