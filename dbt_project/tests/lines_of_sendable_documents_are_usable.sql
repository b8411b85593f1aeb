-- A line of a document that may be sent has an account in use and available for its role, a tax in use and
-- allowed for that account's class, and no more than two tracking options, each in use.
with lines as (

    select
        lines.*,
        lines.side = 'stock' and lines.line_id like '%-inventory' as is_stock_side
    from {{ ref('document_lines') }} as lines
    inner join {{ ref('documents') }} as documents
        on {{ same_key('lines', 'documents', outgoing_document_key()) }}
    where documents.is_sendable and lines.role not in ('TEXT', 'CLEARING')

),

accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

rates as (

    select * from {{ ref('stg_xero__tax_rates') }}

),

options as (

    select * from {{ ref('int_tracking_options_offered') }}

),

choices as (

    select
        {{ outgoing_line_key() | join(', ') }},
        count(distinct tracking_category_id) as category_count
    from {{ ref('line_candidates') }}
    where attribute = 'tracking' and is_winner and value <> 'none'
    group by {{ outgoing_line_key() | join(', ') }}

),

judged as (

    select
        {{ key_of('lines', outgoing_line_key()) }},
        coalesce(availability.is_available, false) as has_account,
        lines.contra_account_status is null or coalesce(contra.is_available, false) as has_contra_account,
        lines.role = 'ROUNDING'
        or lines.side = 'stock'
        or (lines.tax_level is null and lines.tax_type in ('NONE', 'BASEXCLUDED'))
        or (
            rates.tax_rate_status = 'ACTIVE'
            and not rates.is_deleted
            and case accounts.account_class
                when 'ASSET' then rates.can_apply_to_assets
                when 'EQUITY' then rates.can_apply_to_equity
                when 'EXPENSE' then rates.can_apply_to_expenses
                when 'LIABILITY' then rates.can_apply_to_liabilities
                when 'REVENUE' then rates.can_apply_to_revenue
            end
        ) as has_tax,
        coalesce(choices.category_count, 0) <= 2 as has_at_most_two_categories,
        (lines.tracking_option_id_2 is null or (options_2.is_category_active and options_2.is_option_active))
        and (lines.tracking_option_id_3 is null or (options_3.is_category_active and options_3.is_option_active))
            as has_active_options
    from lines
    left join accounts
        on
            lines.tenant_id = accounts.tenant_id
            and lines.account_id = accounts.account_id
    left join {{ ref('account_availability') }} as availability
        on
            lines.tenant_id = availability.tenant_id
            and lines.account_id = availability.account_id
            and availability.role = case
                when lines.side <> 'stock' then lines.role
                when lines.is_stock_side then 'INVENTORY'
                else 'COGS'
            end
    left join {{ ref('account_availability') }} as contra
        on
            lines.tenant_id = contra.tenant_id
            and lines.contra_account_id = contra.account_id
            and contra.role = case when lines.is_stock_side then 'COGS' else 'INVENTORY' end
    left join rates
        on
            lines.tenant_id = rates.tenant_id
            and lines.tax_type = rates.tax_type
    left join choices
        on {{ same_key('lines', 'choices', outgoing_line_key()) }}
    {% for slot in [2, 3] -%}
    left join options as options_{{ slot }}
        on
            lines.tenant_id = options_{{ slot }}.tenant_id
            and lines.tracking_option_id_{{ slot }} = options_{{ slot }}.tracking_option_id
    {% endfor %}
)

select * from judged
where not (
    has_account
    and has_contra_account
    and coalesce(has_tax, false)
    and has_at_most_two_categories
    and coalesce(has_active_options, false)
)
