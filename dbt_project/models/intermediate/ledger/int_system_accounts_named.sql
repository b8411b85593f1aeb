{#- The accounts that Xero posts to by itself; an organisation without one posts to the account `none`. -#}
{%- set names = ['DEBTORS', 'CREDITORS', 'GST', 'ROUNDING', 'REALISEDCURRENCYGAIN', 'RETAINEDEARNINGS'] -%}

with accounts as (

    select * from {{ ref('stg_xero__accounts') }}
    where system_account is not null and not is_deleted

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

final as (

    select
        {% for name in names %}
        coalesce(max(case when accounts.system_account = '{{ name }}' then accounts.account_id end), 'none')
            as {{ name | lower }}_account_id,
        {% endfor %}
        organisations.tenant_id,
        organisations.base_currency
    from organisations
    left join accounts
        on organisations.tenant_id = accounts.tenant_id
    group by organisations.tenant_id, organisations.base_currency

)

select * from final
