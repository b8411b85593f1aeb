-- No movement is lost or doubled between the source systems and the journals.
with counts as (

    select
        (select count(*) from {{ ref('int_outgoing_stock_movements') }}) as in_sources,
        (select count(*) from {{ ref('stock_journal_movements') }}) as in_mart

)

select * from counts
where in_sources <> in_mart
