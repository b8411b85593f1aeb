{%- set shown = ['account_code', 'account_name', 'account_type', 'account_class', 'status', 'tax_type'] -%}

with account_versions as (

    select
        tenant_id,
        account_id,
        account_code,
        account_name,
        account_type,
        account_class,
        case when is_deleted then 'DELETED' else account_status end as status,
        tax_type,
        valid_from
    from {{ ref('stg_xero__account_versions') }}

),

compared as (

    select
        *,
        {% for column in shown %}
        lag({{ column }}) over (partition by tenant_id, account_id order by valid_from) as former_{{ column }},
        {% endfor %}
        row_number() over (partition by tenant_id, account_id order by valid_from) as version_number
    from account_versions

),

-- A version that differs only in what is not shown here continues the one before.
changes as (

    select * from compared
    where
        version_number = 1
        {% for column in shown %}
        or {{ column }} is distinct from former_{{ column }}
        {% endfor %}

),

final as (

    select
        tenant_id,
        account_id,
        cast(valid_from as timestamp) as valid_from,
        cast(
            lead(valid_from) over (partition by tenant_id, account_id order by valid_from) as timestamp
        ) as valid_to,
        {{ shown | join(',\n        ') }}
    from changes

)

select * from final
