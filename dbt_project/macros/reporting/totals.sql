{#
    Posted lines (int_income_lines_posted, int_cost_lines_posted) added up for a report. Both sides of the
    margin are added up alike, so each breakdown stands here once.

    `kinds` are further columns that a total never mixes: income_kind on income.
#}

{# The account's own label; where an amount is of two accounts with one code, that of the one in use. #}
{% macro label_of_code(label) -%}
    case
        when min(account_id) = max(account_id) then max(account_{{ label }})
        else max(reported_account_{{ label }})
    end
{%- endmacro %}

{% macro totals_by_analysis_code(lines, kinds=[]) -%}
with posted_lines as (

    select * from {{ lines }}

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
        {%- for kind in kinds %}
        {{ kind }},
        {%- endfor %}
        base_currency,
        {{ label_of_code('name') }} as analysis_name,
        {{ label_of_code('class') }} as account_class,
        {{ label_of_code('type') }} as account_type,
        sum(net_amount_base) as net_amount_base,
        count(*) as line_count,
        count(distinct document_id) as document_count
    from posted_lines
    group by
        tenant_id, month, analysis_code, source_type, report_as_code,
        {%- for kind in kinds %} {{ kind }},{% endfor %} base_currency

),

final as (

    select
        totals.tenant_id,
        totals.month,
        totals.analysis_code,
        totals.source_type,
        totals.analysis_name,
        totals.report_as_code,
        totals.account_class,
        totals.account_type,
        {%- for kind in kinds %}
        totals.{{ kind }},
        {%- endfor %}
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
{%- endmacro %}

{# Every line once per slot, with or without an option, so that each slot totals to the whole. #}
{% macro totals_by_tracking_option(lines, kinds=[]) -%}
with posted_lines as (

    select * from {{ lines }}

),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

slotted as (

    {% for slot in [2, 3] %}
    select
        *,
        cast({{ slot }} as bigint) as analysis_slot,
        coalesce(analysis_{{ slot }}_option_id, 'none') as tracking_option_id,
        coalesce(analysis_{{ slot }}_source, 'none') as tracking_source,
        analysis_{{ slot }} as tracking_option_name
    from posted_lines
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
        {%- for kind in kinds %}
        {{ kind }},
        {%- endfor %}
        base_currency,
        max(tracking_option_name) as tracking_option_name,
        {{ label_of_code('name') }} as analysis_name,
        sum(net_amount_base) as net_amount_base,
        count(*) as line_count
    from slotted
    group by
        tenant_id, month, analysis_slot, tracking_option_id, tracking_source, analysis_code,
        {%- for kind in kinds %} {{ kind }},{% endfor %} base_currency

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
        {%- for kind in kinds %}
        totals.{{ kind }},
        {%- endfor %}
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
{%- endmacro %}

{# A line without a contact counts under the contact `none`. #}
{% macro totals_by_contact(lines, kinds=[]) -%}
with posted_lines as (

    select * from {{ lines }}

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

totals as (

    select
        tenant_id,
        month,
        coalesce(contact_id, 'none') as contact_id,
        analysis_code,
        {%- for kind in kinds %}
        {{ kind }},
        {%- endfor %}
        base_currency,
        {{ label_of_code('name') }} as analysis_name,
        sum(net_amount_base) as net_amount_base,
        count(*) as line_count
    from posted_lines
    group by
        tenant_id, month, coalesce(contact_id, 'none'), analysis_code,
        {%- for kind in kinds %} {{ kind }},{% endfor %} base_currency

),

final as (

    select
        totals.tenant_id,
        totals.month,
        totals.contact_id,
        totals.analysis_code,
        contacts.contact_name,
        contacts.account_number,
        totals.analysis_name,
        {%- for kind in kinds %}
        totals.{{ kind }},
        {%- endfor %}
        totals.base_currency,
        cast(totals.net_amount_base as decimal(18, 4)) as net_amount_base,
        cast(totals.line_count as bigint) as line_count
    from totals
    left join contacts
        on
            totals.tenant_id = contacts.tenant_id
            and totals.contact_id = contacts.contact_id

)

select * from final
{%- endmacro %}
