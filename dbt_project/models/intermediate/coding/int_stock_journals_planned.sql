{{ config(materialized='table') }}

{#-
    Each month's journal of cost of goods sold: what it holds, what it is to hold, and what that asks
    for. A draft is changed in place, a posted journal in an open month if a person approves, one of a
    locked month not at all. Amounts are the net debit of cost accounts.

    action: `create`, `update`, `delete` (a draft that is left empty), `void` (a posted one), `none`.
-#}
with calendars as (

    select * from {{ ref('int_stock_journal_calendars_set') }}

),

pairs as (

    select
        tenant_id,
        journal_month,
        sum(desired_amount) as desired_amount,
        sum(sent_amount) as sent_amount,
        sum(case when desired_amount <> 0 then 1 else 0 end) as pair_count,
        sum(case when difference <> 0 then 1 else 0 end) as changed_pair_count,
        cast(0 as bigint) as movement_count,
        cast(0 as bigint) as held_movement_count
    from {{ ref('int_stock_journal_pairs_placed') }}
    group by tenant_id, journal_month

),

movements as (

    select
        tenant_id,
        journal_month,
        cast(0 as decimal(18, 4)) as desired_amount,
        cast(0 as decimal(18, 4)) as sent_amount,
        0 as pair_count,
        0 as changed_pair_count,
        sum(case when movement_month = journal_month then 1 else 0 end) as movement_count,
        sum(case when movement_status = 'held' then 1 else 0 end) as held_movement_count
    from {{ ref('int_stock_journal_movements_coded') }}
    where movement_status in ('in_journal', 'held')
    group by tenant_id, journal_month

),

journals as (

    select
        tenant_id,
        journal_month,
        sum(desired_amount) as desired_amount,
        sum(sent_amount) as sent_amount,
        sum(pair_count) as pair_count,
        sum(changed_pair_count) as changed_pair_count,
        sum(movement_count) as movement_count,
        sum(held_movement_count) as held_movement_count
    from (
        select * from pairs
        union all
        select * from movements
    ) as parts
    group by tenant_id, journal_month

),

sent as (

    select
        tenant_id,
        journal_month,
        max(journal_status) as sent_status,
        max(manual_journal_id) as manual_journal_id
    from {{ ref('int_stock_journals_sent') }}
    where journal_status in ('DRAFT', 'POSTED')
    group by tenant_id, journal_month

),

-- A journal is the organisation's, of all its systems; this is the one that it is listed under.
systems as (

    select
        tenant_id,
        min(source_system) as source_system
    from (
        select
            tenant_id,
            source_system
        from {{ ref('int_stock_journal_movements_coded') }}
        where movement_status <> 'off'
        union all
        select
            tenant_id,
            source_system
        from {{ ref('int_stock_journals_sent') }}
    ) as named
    group by tenant_id

),

compared as (

    select
        journals.*,
        systems.source_system,
        sent.sent_status,
        sent.manual_journal_id,
        coalesce(journals.journal_month < calendars.first_open_month, false) as is_locked,
        calendars.base_currency
    from journals
    inner join calendars
        on journals.tenant_id = calendars.tenant_id
    left join systems
        on journals.tenant_id = systems.tenant_id
    left join sent
        on
            journals.tenant_id = sent.tenant_id
            and journals.journal_month = sent.journal_month
    -- Pairs that come to nothing leave no journal.
    where journals.pair_count > 0 or journals.held_movement_count > 0 or sent.sent_status is not null

),

decided as (

    select
        *,
        case
            when is_locked or (sent_status is not null and changed_pair_count = 0) then 'none'
            when sent_status is null then 'create'
            when pair_count > 0 then 'update'
            when sent_status = 'DRAFT' then 'delete'
            else 'void'
        end as action
    from compared

),

final as (

    select
        tenant_id,
        source_system,
        {{ stock_journal_id('journal_month') }} as document_id,
        {{ stock_journal_number('journal_month') }} as document_number,
        journal_month,
        cast(last_day(journal_month) as date) as journal_date,
        'Cost of goods sold, ' || {{ month_words('journal_month') }}
        || ' (' || {{ stock_journal_id('journal_month') }} || ')' as narration,
        base_currency,
        sent_status,
        manual_journal_id,
        coalesce(sent_status, 'DRAFT') as desired_status,
        cast(sent_amount as decimal(18, 4)) as sent_amount,
        cast(desired_amount as decimal(18, 4)) as desired_amount,
        cast(desired_amount - sent_amount as decimal(18, 4)) as difference,
        cast(pair_count as bigint) as pair_count,
        cast(changed_pair_count as bigint) as changed_pair_count,
        cast(movement_count as bigint) as movement_count,
        cast(held_movement_count as bigint) as held_movement_count,
        is_locked,
        action,
        action <> 'none' and coalesce(sent_status = 'POSTED', false) as is_person_needed
    from decided

)

select * from final
