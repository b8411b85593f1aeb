{#-
    Journals of cost of goods sold in locked months that a person has changed in Xero so that their lines
    are no pairs any more. What such a journal holds cannot be told, and what it lacks would go out again
    as a re-costing in the first open month: that month's journal waits.
-#}
with held as (

    select * from {{ ref('int_stock_journals_held') }}
    where document_type = 'cogs' and journal_status in ('DRAFT', 'POSTED')

),

calendars as (

    select * from {{ ref('int_stock_journal_calendars_set') }}

),

lines as (

    select
        tenant_id,
        document_id as manual_journal_id,
        count(*) as line_count
    from {{ ref('stg_xero__manual_journal_lines') }}
    group by tenant_id, document_id

),

pairs as (

    select
        tenant_id,
        manual_journal_id,
        count(*) * 2 as line_count
    from {{ ref('int_stock_journals_sent') }}
    group by tenant_id, manual_journal_id

),

final as (

    select
        held.tenant_id,
        held.manual_journal_id,
        held.journal_month,
        calendars.first_open_month
    from held
    inner join calendars
        on held.tenant_id = calendars.tenant_id
    inner join lines
        on
            held.tenant_id = lines.tenant_id
            and held.manual_journal_id = lines.manual_journal_id
    left join pairs
        on
            held.tenant_id = pairs.tenant_id
            and held.manual_journal_id = pairs.manual_journal_id
    where
        held.journal_month < calendars.first_open_month
        and lines.line_count <> coalesce(pairs.line_count, 0)

)

select * from final
