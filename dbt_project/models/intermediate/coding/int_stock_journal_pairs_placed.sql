{{ config(materialized='table') }}

{#-
    Each journal's pairs: what it is to hold (desired_amount) and what it holds (sent_amount), as the
    debit of the cost account, negative where that is credited. period_month is when the stock moved;
    where it is another month than the journal's, the pair is a re-costing of a month that is locked.

    Over all journals, the desired amounts of a period's pair add up to what moved: what locked journals
    hold is taken off, and the rest goes where it can.
-#}
{%- set pair = ['cogs_account_id', 'inventory_account_id', 'tracking_option_id_2', 'tracking_option_id_3'] -%}

with calendars as (

    select * from {{ ref('int_stock_journal_calendars_set') }}

),

moved as (

    select
        tenant_id,
        journal_month,
        movement_month as period_month,
        {{ pair | join(', ') }},
        sum(amount) as amount
    from {{ ref('int_stock_journal_movements_coded') }}
    where movement_status = 'in_journal'
    group by tenant_id, journal_month, movement_month, {{ pair | join(', ') }}

),

-- A journal that was voided or deleted holds nothing.
sent as (

    select
        sent.*,
        calendars.first_open_month,
        coalesce(sent.journal_month < calendars.first_open_month, false) as is_locked,
        sent.period_month < calendars.start_month as is_left_alone
    from {{ ref('int_stock_journals_sent') }} as sent
    inner join calendars
        on sent.tenant_id = calendars.tenant_id
    where sent.journal_status in ('DRAFT', 'POSTED')

),

entries as (

    select
        tenant_id,
        journal_month,
        period_month,
        {{ pair | join(', ') }},
        amount as desired_amount,
        0 as sent_amount
    from moved
    union all
    -- What cannot be changed stays where it is, ...
    select
        tenant_id,
        journal_month,
        period_month,
        {{ pair | join(', ') }},
        amount as desired_amount,
        amount as sent_amount
    from sent
    where is_locked or is_left_alone
    union all
    -- ... and is taken off what is still to be placed.
    select
        tenant_id,
        case when period_month < first_open_month then first_open_month else period_month end as journal_month,
        period_month,
        {{ pair | join(', ') }},
        -amount as desired_amount,
        0 as sent_amount
    from sent
    where is_locked and not is_left_alone
    union all
    select
        tenant_id,
        journal_month,
        period_month,
        {{ pair | join(', ') }},
        0 as desired_amount,
        amount as sent_amount
    from sent
    where not is_locked and not is_left_alone

),

summed as (

    select
        tenant_id,
        journal_month,
        period_month,
        {{ pair | join(', ') }},
        cast(sum(desired_amount) as decimal(18, 4)) as desired_amount,
        cast(sum(sent_amount) as decimal(18, 4)) as sent_amount
    from entries
    group by tenant_id, journal_month, period_month, {{ pair | join(', ') }}

),

final as (

    select
        *,
        cast(desired_amount - sent_amount as decimal(18, 4)) as difference,
        {{ stock_journal_pair_id('period_month') }} as pair_id
    from summed
    where desired_amount <> 0 or sent_amount <> 0

)

select * from final
