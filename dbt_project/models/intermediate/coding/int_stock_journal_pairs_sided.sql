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
        {{ agreed_value('account_level') }} as account_level,
        {{ agreed_value('contra_account_level') }} as contra_account_level,
        {{ agreed_value('tracking_level_2') }} as tracking_level_2,
        {{ agreed_value('tracking_level_3') }} as tracking_level_3
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
        movements.account_level as cogs_level,
        movements.contra_account_level as inventory_level,
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

sided as (

    select
        *,
        pair_id || '-cogs' as line_id,
        'cogs' as side_of_pair,
        cast(desired_amount as decimal(18, 4)) as line_amount,
        cogs_account_id as account_id,
        cogs_level as level,
        inventory_account_id as contra_account_id,
        inventory_level as contra_level
    from joined
    union all
    select
        *,
        pair_id || '-inventory' as line_id,
        'inventory' as side_of_pair,
        cast(-desired_amount as decimal(18, 4)) as line_amount,
        inventory_account_id as account_id,
        inventory_level as level,
        cogs_account_id as contra_account_id,
        cogs_level as contra_level
    from joined

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
        sided.tenant_id,
        sided.source_system,
        sided.document_id,
        sided.line_id,
        sided.journal_month,
        sided.action,
        sided.period_month,
        sided.pair_id,
        sided.side_of_pair,
        sided.description,
        sided.line_amount,
        sided.account_id,
        sided.level as account_level,
        sided.contra_account_id,
        sided.contra_level as contra_account_level,
        sided.tracking_option_id_2,
        sided.tracking_level_2,
        sided.tracking_option_id_3,
        sided.tracking_level_3,
        accounts.account_code,
        accounts.account_name,
        case when accounts.is_deleted then 'DELETED' else accounts.account_status end as xero_account_status,
        coalesce(accounts.coding_status, 'unknown') as account_status,
        contras.account_code as contra_account_code,
        coalesce(contras.coding_status, 'unknown') as contra_account_status,
        options_2.tracking_option_name as tracking_option_2,
        options_2.tracking_category_name as tracking_category_2,
        case
            when sided.tracking_option_id_2 is not null
                then coalesce(options_2.coding_status, 'unknown')
        end as tracking_status_2,
        options_3.tracking_option_name as tracking_option_3,
        options_3.tracking_category_name as tracking_category_3,
        case
            when sided.tracking_option_id_3 is not null
                then coalesce(options_3.coding_status, 'unknown')
        end as tracking_status_3
    from sided
    left join accounts
        on
            sided.tenant_id = accounts.tenant_id
            and sided.account_id = accounts.account_id
    left join accounts as contras
        on
            sided.tenant_id = contras.tenant_id
            and sided.contra_account_id = contras.account_id
    left join options as options_2
        on
            sided.tenant_id = options_2.tenant_id
            and sided.tracking_option_id_2 = options_2.tracking_option_id
    left join options as options_3
        on
            sided.tenant_id = options_3.tenant_id
            and sided.tracking_option_id_3 = options_3.tracking_option_id

)

select * from final
