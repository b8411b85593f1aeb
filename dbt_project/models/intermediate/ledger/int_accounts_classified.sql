with accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

classified as (

    select
        tenant_id,
        account_id,
        account_code,
        account_name,
        account_type,
        account_class,
        case when is_deleted then 'DELETED' else account_status end as account_status,
        coalesce(account_code, 'none') as analysis_code,
        -- Trading income is REVENUE and SALES; other income is never part of a margin.
        case
            when account_type in ('REVENUE', 'SALES') then 'trading'
            when account_type = 'OTHERINCOME' then 'other'
        end as income_kind,
        extracted_at
    from accounts

),

-- Two accounts may bear one code (a re-used one). A report by code then speaks of the one in use.
labelled as (

    select
        tenant_id,
        account_id,
        account_code,
        account_name,
        account_type,
        account_class,
        account_status,
        analysis_code,
        income_kind,
        {% for label in ['account_name', 'account_type', 'account_class'] %}
        first_value({{ label }}) over (
            partition by tenant_id, analysis_code, income_kind
            order by
                case account_status when 'ACTIVE' then 0 when 'DELETED' then 2 else 1 end asc,
                extracted_at desc,
                account_id asc
        ) as reported_{{ label }},
        {% endfor %}
        extracted_at
    from classified

)

select * from labelled
