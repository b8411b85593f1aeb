{{ config(materialized='table') }}

{#-
    The tax of each line, and whether Xero will take it: in use, right for the side, and allowed for
    the class of the line's account.
-#}
{%- set line_key = outgoing_line_key() -%}

with lines as (

    select
        lines.*,
        organisations.organisation_name,
        organisations.is_tax_registered,
        case when organisations.country_code = 'AU' then 'BASEXCLUDED' else 'NONE' end as no_tax,
        accounts.account_code,
        accounts.account_class,
        policies.draft_without_tax
    from {{ ref('int_outgoing_lines_roled') }} as lines
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on lines.tenant_id = organisations.tenant_id
    inner join {{ ref('int_line_accounts_resolved') }} as accounts
        on {{ same_key('lines', 'accounts', line_key) }}
    left join {{ ref('int_coding_policies_set') }} as policies
        on
            lines.tenant_id = policies.tenant_id
            and lines.source_system = policies.source_system

),

winners as (

    select * from {{ ref('int_tax_candidates_ranked') }}
    where is_winner

),

-- The side a rate is for, by the box of the return that it feeds; a rate that may be used on revenue and
-- on expense accounts alike is for both.
rates as (

    select
        *,
        not coalesce(can_apply_to_expenses, false)
        and (report_tax_type like '%OUTPUT%' or report_tax_type in ('MOSSSALES', 'EXEMPTEXPORT')) as is_for_sales_only,
        not coalesce(can_apply_to_revenue, false)
        and (
            report_tax_type like '%INPUT%'
            or report_tax_type like '%IMPORT%'
            or report_tax_type like '%CAPITAL%'
            or report_tax_type = 'REVERSECHARGES'
        ) as is_for_purchases_only
    from {{ ref('stg_xero__tax_rates') }}

),

judged as (

    select
        {{ key_of('lines', line_key) }},
        lines.role,
        lines.organisation_name,
        lines.account_code,
        lines.account_class,
        lines.source_tax_amount,
        lines.draft_without_tax,
        winners.stated_tax,
        rates.effective_rate,
        case
            when lines.role in ('TEXT', 'CLEARING', 'UNRESOLVED') then null
            when not lines.is_tax_registered or lines.is_stock_pair or lines.role = 'ROUNDING' then lines.no_tax
            else winners.tax_type
        end as tax_type,
        winners.level as tax_level,
        case
            when lines.role in ('TEXT', 'CLEARING', 'UNRESOLVED') then null
            when not lines.is_tax_registered
                then
                    case
                        when lines.side = 'sales' and coalesce(lines.source_tax_amount, 0) <> 0
                            then 'TAX_NOT_REGISTERED'
                    end
            when lines.is_stock_pair or lines.role = 'ROUNDING' then null
            when winners.tax_type is null then 'TAX_MISSING'
            when rates.tax_type is null or rates.is_deleted or rates.tax_rate_status <> 'ACTIVE' then 'TAX_UNKNOWN'
            when
                (lines.side = 'sales' and rates.is_for_purchases_only)
                or (lines.side = 'purchases' and rates.is_for_sales_only) then 'TAX_CLASS'
            when
                not coalesce(
                    case lines.account_class
                        when 'ASSET' then rates.can_apply_to_assets
                        when 'EQUITY' then rates.can_apply_to_equity
                        when 'EXPENSE' then rates.can_apply_to_expenses
                        when 'LIABILITY' then rates.can_apply_to_liabilities
                        when 'REVENUE' then rates.can_apply_to_revenue
                    end,
                    lines.account_class is null
                ) then 'TAX_CLASS'
        end as rule,
        rates.tax_type is null as is_rate_unknown
    from lines
    left join winners
        on {{ same_key('lines', 'winners', line_key) }}
    left join rates
        on
            winners.tenant_id = rates.tenant_id
            and winners.tax_type = rates.tax_type

),

{%- set values = {
    'source tax': "coalesce(stated_tax, 'its tax')",
    'tax': 'tax_type',
    'code': 'account_code',
    'class': 'account_class',
    'organisation': 'organisation_name',
    'amount': money_text('source_tax_amount'),
    'source': system_name('source_system'),
} %}
{%- set rules = ['TAX_MISSING', 'TAX_CLASS', 'TAX_UNKNOWN', 'TAX_NOT_REGISTERED'] %}

final as (

    select
        {{ line_key | join(', ') }},
        tax_type,
        tax_level,
        effective_rate,
        case
            when role in ('TEXT', 'CLEARING', 'UNRESOLVED') then null
            when rule is null then 'ok'
            when rule = 'TAX_UNKNOWN' and is_rate_unknown then 'unknown'
            when rule = 'TAX_UNKNOWN' then 'archived'
            else 'blocked'
        end as tax_status,
        rule,
        case
            when rule = 'TAX_MISSING' and draft_without_tax = 'warn' then 'warn'
            when rule is not null then 'block'
        end as severity,
        case rule
            {% for rule in rules -%}
            when '{{ rule }}' then {{ coding_message(rule, values) }}
            {% endfor %}
        end as message,
        case rule
            {% for rule in rules -%}
            when '{{ rule }}' then {{ coding_remedy(rule, values) }}
            {% endfor %}
        end as remedy
    from judged

)

select * from final
