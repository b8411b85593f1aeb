with income_lines as (

    select * from {{ ref('int_income_lines_posted') }}

),

financial_months as (

    select * from {{ ref('int_financial_months_dated') }}

),

totals as (

    select
        tenant_id,
        month,
        analysis_code,
        source_type,
        report_as_code,
        income_kind,
        base_currency,
        -- The account's own name; where the amount is of two accounts with one code, that of the one in use.
        {% for label in ['name', 'class', 'type'] %}
        case
            when min(account_id) = max(account_id) then max(account_{{ label }})
            else max(reported_account_{{ label }})
        end as account_{{ label }},
        {% endfor %}
        sum(net_amount_base) as net_amount_base,
        count(*) as line_count,
        count(distinct document_id) as document_count
    from income_lines
    group by tenant_id, month, analysis_code, source_type, report_as_code, income_kind, base_currency

),

final as (

    select
        totals.tenant_id,
        totals.month,
        totals.analysis_code,
        totals.source_type,
        totals.account_name as analysis_name,
        totals.report_as_code,
        totals.account_class,
        totals.account_type,
        totals.income_kind,
        totals.base_currency,
        financial_months.financial_year,
        financial_months.financial_period,
        cast(totals.net_amount_base as decimal(18, 4)) as net_amount_base,
        cast(totals.line_count as bigint) as line_count,
        cast(totals.document_count as bigint) as document_count
    from totals
    left join financial_months
        on
            totals.tenant_id = financial_months.tenant_id
            and totals.month = financial_months.month

)

select * from final
