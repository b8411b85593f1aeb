{{ config(materialized='table') }}

{#-
    What the journals of cost of goods sold hold in Xero, pair by pair, with the status that each has there
    by now. We write a pair as two lines that follow each other, the cost account and the stock account,
    with the month that the stock moved in at the end of their description. Of a journal that a person
    has changed so that its lines are no pairs, only those that still are one are here.
-#}
with journals as (

    select * from {{ ref('int_stock_journals_held') }}
    where document_type = 'cogs'

),

accounts as (

    select * from {{ ref('int_account_codes_resolved') }}

),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

lines as (

    select
        journals.tenant_id,
        journals.manual_journal_id,
        {% for slot in [2, 3] -%}
        case slots_{{ slot }}.tracking_category_id
            when lines.tracking_category_id_1 then lines.tracking_option_id_1
            when lines.tracking_category_id_2 then lines.tracking_option_id_2
        end as tracking_option_id_{{ slot }},
        {% endfor -%}
        lines.line_number,
        coalesce(lines.account_id, accounts.account_id) as account_id,
        {{ month_at_end('lines.description') }} as period_month,
        lines.line_amount
    from journals
    inner join {{ ref('stg_xero__manual_journal_lines') }} as lines
        on
            journals.tenant_id = lines.tenant_id
            and journals.manual_journal_id = lines.document_id
    left join accounts
        on
            lines.tenant_id = accounts.tenant_id
            and lines.account_code = accounts.account_code
    {%- for slot in [2, 3] %}
    left join slots as slots_{{ slot }}
        on
            lines.tenant_id = slots_{{ slot }}.tenant_id
            and slots_{{ slot }}.analysis_slot = {{ slot }}
    {%- endfor %}

),

final as (

    select
        journals.tenant_id,
        journals.source_system,
        journals.journal_month,
        journals.manual_journal_id,
        journals.journal_status,
        costs.period_month,
        costs.account_id as cogs_account_id,
        stocks.account_id as inventory_account_id,
        costs.tracking_option_id_2,
        costs.tracking_option_id_3,
        costs.line_amount as amount
    from journals
    inner join lines as costs
        on
            journals.tenant_id = costs.tenant_id
            and journals.manual_journal_id = costs.manual_journal_id
    inner join lines as stocks
        on
            costs.tenant_id = stocks.tenant_id
            and costs.manual_journal_id = stocks.manual_journal_id
            and costs.line_number + 1 = stocks.line_number
            and costs.line_amount = -stocks.line_amount
            and costs.period_month = stocks.period_month
    where costs.line_number % 2 = 1

)

select * from final
