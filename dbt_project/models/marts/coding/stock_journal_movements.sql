with movements as (

    select * from {{ ref('int_stock_journal_movements_coded') }}

),

-- A movement of a locked month is in the journal that took it, until a difference is to be journalled.
places as (

    select
        tenant_id,
        pair_id,
        min(case when is_locked then document_id end) as locked_document_id,
        max(case when not is_locked then document_id end) as open_document_id
    from (
        select
            pairs.tenant_id,
            pairs.pair_id,
            journals.document_id,
            journals.is_locked
        from {{ ref('int_stock_journal_pairs_placed') }} as pairs
        inner join {{ ref('int_stock_journals_planned') }} as journals
            on
                pairs.tenant_id = journals.tenant_id
                and pairs.journal_month = journals.journal_month
        where pairs.desired_amount <> 0
    ) as placed
    group by tenant_id, pair_id

),

accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

options as (

    select * from {{ ref('stg_xero__tracking_options') }}

),

final as (

    select
        movements.tenant_id,
        movements.source_system,
        movements.movement_id,
        movements.movement_type,
        movements.document_id as source_document_id,
        movements.moved_at,
        movements.movement_date,
        movements.movement_month,
        movements.source_item_id,
        movements.item_code,
        movements.project_id,
        movements.quantity,
        movements.unit_cost,
        movements.amount,
        movements.cogs_account_id,
        cogs.account_code as cogs_account_code,
        movements.account_level as cogs_account_level,
        movements.inventory_account_id,
        inventory.account_code as inventory_account_code,
        movements.contra_account_level as inventory_account_level,
        movements.tracking_option_id_2,
        options_2.tracking_option_name as tracking_option_2,
        movements.tracking_level_2,
        movements.tracking_option_id_3,
        options_3.tracking_option_name as tracking_option_3,
        movements.tracking_level_3,
        movements.movement_status,
        movements.is_settled,
        movements.held_by,
        case
            when movements.movement_status in ('in_journal', 'held')
                then
                    coalesce(
                        places.open_document_id,
                        places.locked_document_id,
                        {{ stock_journal_id('movements.journal_month') }}
                    )
        end as journal_document_id,
        case when movements.movement_status = 'in_journal' then movements.pair_id end as journal_pair_id
    from movements
    left join places
        on
            movements.tenant_id = places.tenant_id
            and case movements.movement_status when 'in_journal' then movements.pair_id end = places.pair_id
    left join accounts as cogs
        on
            movements.tenant_id = cogs.tenant_id
            and movements.cogs_account_id = cogs.account_id
    left join accounts as inventory
        on
            movements.tenant_id = inventory.tenant_id
            and movements.inventory_account_id = inventory.account_id
    left join options as options_2
        on
            movements.tenant_id = options_2.tenant_id
            and movements.tracking_option_id_2 = options_2.tracking_option_id
    left join options as options_3
        on
            movements.tenant_id = options_3.tenant_id
            and movements.tracking_option_id_3 = options_3.tracking_option_id

)

select * from final
