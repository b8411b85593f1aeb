{{ config(materialized='table') }}

{#-
    Each stock movement with its month in the organisation's calendar, its amount, and the pair of
    accounts and options it is journalled with. A movement in a journal that was posted, or whose month
    is locked, keeps the coding it went with: only its amount may still change. Dated into another month
    since, it is new there, and taken out where it was.

    movement_status: `in_journal`; `held` (cannot be coded; its journal waits); `undated` (no moment, or
    an unknown time zone); `not_due`; `before_start`; `off` (the system's movements become no journals).
-#}
{%- set movement_key = ['tenant_id', 'source_system', 'document_id', 'line_id'] -%}
{%- set pair = ['cogs_account_id', 'inventory_account_id', 'tracking_option_id_2', 'tracking_option_id_3'] -%}

with calendars as (

    select * from {{ ref('int_stock_journal_calendars_set') }}

),

movements as (

    select
        movements.*,
        movements.movement_id as line_id,
        {{ local_date('movements.moved_at', 'calendars.time_zone') }} as movement_date,
        calendars.first_open_month,
        calendars.start_month,
        coalesce(policies.stock_journals = 'on', false) as is_journalled,
        -- The factors are widened first: two decimal(18, 4) overflow from 10^10 on.
        {{
            cast_or_null(
                'round(cast(movements.quantity as ' ~ wide_decimal(4) ~ ') * cast(movements.unit_cost as ' ~ wide_decimal(4) ~ '), 2)',
                'decimal(18, 4)'
            )
        }} as amount
    from {{ ref('int_outgoing_stock_movements') }} as movements
    inner join calendars
        on movements.tenant_id = calendars.tenant_id
    left join {{ ref('int_coding_policies_set') }} as policies
        on
            movements.tenant_id = policies.tenant_id
            and movements.source_system = policies.source_system

),

accounts as (

    select * from {{ ref('int_line_accounts_resolved') }}
    where document_type = 'cogs'

),

tracking as (

    select * from {{ ref('int_line_tracking_resolved') }}
    where document_type = 'cogs'

),

findings as (

    select
        {{ movement_key | join(', ') }},
        min(rule) as held_by
    from {{ ref('int_outgoing_findings_collected') }}
    where document_type = 'cogs' and severity in ('block', 'hold')
    group by {{ movement_key | join(', ') }}

),

-- Of several journals, re-costings among them, the first says how the movement went out for its month.
settled as (

    select
        sent.*,
        row_number() over (
            partition by sent.tenant_id, sent.source_system, sent.movement_id, sent.period_month
            order by sent.journal_month
        ) as choice
    from {{ ref('int_stock_journal_movements_sent') }} as sent
    inner join calendars
        on sent.tenant_id = calendars.tenant_id
    where
        sent.journal_status = 'POSTED'
        or (sent.journal_status = 'DRAFT' and sent.journal_month < calendars.first_open_month)

),

coded as (

    select
        movements.*,
        {{ month_of('movements.movement_date') }} as movement_month,
        settled.movement_id is not null as is_settled,
        case
            when settled.movement_id is null then accounts.account_id else settled.cogs_account_id
        end as cogs_account_id,
        case
            when settled.movement_id is null then accounts.contra_account_id else settled.inventory_account_id
        end as inventory_account_id,
        case
            when settled.movement_id is null then tracking.tracking_option_id_2 else settled.tracking_option_id_2
        end as tracking_option_id_2,
        case
            when settled.movement_id is null then tracking.tracking_option_id_3 else settled.tracking_option_id_3
        end as tracking_option_id_3,
        accounts.account_level,
        accounts.contra_account_level,
        tracking.tracking_level_2,
        tracking.tracking_level_3,
        case when settled.movement_id is null then findings.held_by end as held_by
    from movements
    left join accounts
        on {{ same_key('movements', 'accounts', movement_key) }}
    left join tracking
        on {{ same_key('movements', 'tracking', movement_key) }}
    left join findings
        on {{ same_key('movements', 'findings', movement_key) }}
    left join settled
        on
            movements.tenant_id = settled.tenant_id
            and movements.source_system = settled.source_system
            and movements.movement_id = settled.movement_id
            and {{ month_of('movements.movement_date') }} = settled.period_month
            and settled.choice = 1

),

final as (

    select
        tenant_id,
        source_system,
        movement_id,
        movement_type,
        document_id,
        moved_at,
        movement_date,
        movement_month,
        source_item_id,
        item_code,
        quantity,
        unit_cost,
        amount,
        project_id,
        {{ pair | join(',\n        ') }},
        account_level,
        contra_account_level,
        tracking_level_2,
        tracking_level_3,
        {{ stock_journal_pair_id('movement_month') }} as pair_id,
        -- Where it belongs: its own month or, that being locked, the first that is open.
        case when movement_month < first_open_month then first_open_month else movement_month end as journal_month,
        is_settled,
        held_by,
        case
            when not is_journalled then 'off'
            when not coalesce(is_due, false) then 'not_due'
            when movement_month is null then 'undated'
            when movement_month < start_month then 'before_start'
            when
                held_by is not null
                or amount is null
                or cogs_account_id is null
                or inventory_account_id is null then 'held'
            else 'in_journal'
        end as movement_status
    from coded

)

select * from final
