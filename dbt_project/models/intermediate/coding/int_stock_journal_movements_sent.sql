{{ config(materialized='table') }}

{#-
    How each stock movement was coded in the journals that were sent: what the push ledger wrote down when
    it sent them, with the status that each journal has in Xero by now, a draft until it is read. It
    decides coding alone; amounts come from int_stock_journals_sent.
-#}
{%- set shape = {
    'movements': [{'source_system': 'string', 'movement_id': 'string', 'pair_id': 'string'}],
    'lines': [{
        'line_id': 'string',
        'coding': {
            'account_id': 'string', 'contra_account_id': 'string',
            'tracking_option_id_2': 'string', 'tracking_option_id_3': 'string',
        },
    }],
} -%}

with sent as (

    select
        tenant_id,
        record_key,
        cast(substr({{ dbt.split_part('record_key', "':'", 3) }}, 6) || '-01' as date) as journal_month,
        {{ parse_text('facts', shape) }} as facts
    from {{ ref('int_push_records_sent') }}
    where
        target = 'xero'
        and entity = 'manual_journals'
        and {{ dbt.split_part('record_key', "':'", 2) }} = 'cogs'
        and is_confirmed
        and not is_undone
        and operation <> 'delete'

),

lists as (

    select
        tenant_id,
        record_key,
        journal_month,
        facts.movements as movements,
        facts.lines as lines
    from sent

),

movements as (

    select * from {{ explode_with_position('lists', 'movements', 'movement') }} as exploded

),

lines as (

    select * from {{ explode_with_position('lists', 'lines', 'line') }} as exploded

),

held as (

    select * from {{ ref('int_stock_journals_held') }}

),

final as (

    select
        movements.tenant_id,
        movements.movement.source_system as source_system,
        movements.movement.movement_id as movement_id,
        movements.journal_month,
        coalesce(held.journal_status, 'DRAFT') as journal_status,
        cast(substr(movements.movement.pair_id, 1, 7) || '-01' as date) as period_month,
        lines.line.coding.account_id as cogs_account_id,
        lines.line.coding.contra_account_id as inventory_account_id,
        lines.line.coding.tracking_option_id_2 as tracking_option_id_2,
        lines.line.coding.tracking_option_id_3 as tracking_option_id_3
    from movements
    inner join lines
        on
            movements.tenant_id = lines.tenant_id
            and movements.record_key = lines.record_key
            and movements.movement.pair_id || '-cogs' = lines.line.line_id
    left join held
        on
            movements.tenant_id = held.tenant_id
            and movements.record_key = held.record_key

)

select * from final
