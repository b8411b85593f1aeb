{{ config(materialized='table') }}

{#-
    The two lines of each pair that a journal is to hold: the cost account and the stock account, with
    opposite amounts, debits positive. A pair that is negative on balance so swaps its sides, and one
    that comes to nothing is left out.
-#}
with pairs as (

    select * from {{ ref('int_stock_journal_pairs_placed') }}
    where desired_amount <> 0

),

journals as (

    select * from {{ ref('int_stock_journals_planned') }}

),

-- A level is named if all movements of the pair got their value from it.
movements as (

    select
        tenant_id,
        pair_id,
        {% for level in ['account_level', 'contra_account_level', 'tracking_level_2', 'tracking_level_3'] -%}
        case when min(coalesce({{ level }}, '')) = max({{ level }}) then min({{ level }}) end as {{ level }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_stock_journal_movements_coded') }}
    where movement_status = 'in_journal'
    group by tenant_id, pair_id

),

joined as (

    select
        journals.tenant_id,
        journals.source_system,
        journals.document_id,
        journals.journal_month,
        journals.action,
        pairs.period_month,
        pairs.pair_id,
        pairs.desired_amount,
        pairs.cogs_account_id,
        pairs.inventory_account_id,
        pairs.tracking_option_id_2,
        pairs.tracking_option_id_3,
        movements.account_level,
        movements.contra_account_level,
        movements.tracking_level_2,
        movements.tracking_level_3,
        case
            when pairs.period_month = pairs.journal_month then 'Cost of goods sold, ' else 'Re-costing of '
        end || {{ month_words('pairs.period_month') }} as description
    from pairs
    inner join journals
        on
            pairs.tenant_id = journals.tenant_id
            and pairs.journal_month = journals.journal_month
    left join movements
        on
            pairs.tenant_id = movements.tenant_id
            and pairs.pair_id = movements.pair_id

),

{#- side, its account, the other's account, sign -#}
{%- set sides = [('cogs', 'inventory', ''), ('inventory', 'cogs', '-')] -%}
{%- set levels = {'cogs': 'account_level', 'inventory': 'contra_account_level'} %}

sided as (

    {% for of_pair, against, sign in sides -%}
    select
        tenant_id,
        source_system,
        document_id,
        pair_id || '-{{ of_pair }}' as line_id,
        journal_month,
        action,
        period_month,
        pair_id,
        '{{ of_pair }}' as side_of_pair,
        description,
        cast({{ sign }}desired_amount as decimal(18, 4)) as line_amount,
        {{ of_pair }}_account_id as account_id,
        {{ levels[of_pair] }} as account_level,
        {{ against }}_account_id as contra_account_id,
        {{ levels[against] }} as contra_account_level,
        tracking_option_id_2,
        tracking_level_2,
        tracking_option_id_3,
        tracking_level_3
    from joined
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

accounts as (

    select
        *,
        case
            when is_deleted or account_status <> 'ACTIVE' then 'archived'
            when account_code is null then 'blocked'
            else 'ok'
        end as coding_status
    from {{ ref('stg_xero__accounts') }}

),

options as (

    select
        options.tenant_id,
        options.tracking_option_id,
        options.tracking_option_name,
        categories.tracking_category_name,
        case
            when
                options.is_deleted
                or options.option_status <> 'ACTIVE'
                or categories.is_deleted
                or categories.category_status <> 'ACTIVE' then 'archived'
            else 'ok'
        end as coding_status
    from {{ ref('stg_xero__tracking_options') }} as options
    inner join {{ ref('stg_xero__tracking_categories') }} as categories
        on
            options.tenant_id = categories.tenant_id
            and options.tracking_category_id = categories.tracking_category_id

),

final as (

    select
        sided.*,
        accounts.account_code,
        accounts.account_name,
        case when accounts.is_deleted then 'DELETED' else accounts.account_status end as xero_account_status,
        coalesce(accounts.coding_status, 'unknown') as account_status,
        contras.account_code as contra_account_code,
        coalesce(contras.coding_status, 'unknown') as contra_account_status,
        {% for slot in [2, 3] -%}
        options_{{ slot }}.tracking_option_name as tracking_option_{{ slot }},
        options_{{ slot }}.tracking_category_name as tracking_category_{{ slot }},
        case
            when sided.tracking_option_id_{{ slot }} is not null
                then coalesce(options_{{ slot }}.coding_status, 'unknown')
        end as tracking_status_{{ slot }}{{ ',' if not loop.last }}
        {% endfor %}
    from sided
    left join accounts
        on
            sided.tenant_id = accounts.tenant_id
            and sided.account_id = accounts.account_id
    left join accounts as contras
        on
            sided.tenant_id = contras.tenant_id
            and sided.contra_account_id = contras.account_id
    {%- for slot in [2, 3] %}
    left join options as options_{{ slot }}
        on
            sided.tenant_id = options_{{ slot }}.tenant_id
            and sided.tracking_option_id_{{ slot }} = options_{{ slot }}.tracking_option_id
    {%- endfor %}

)

select * from final
