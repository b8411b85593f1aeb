-- All journals together carry, for each month, pair of accounts and options, what moved in that month.
with carried as (

    select
        pairs.tenant_id,
        pairs.pair_id,
        pairs.desired_amount as amount
    from {{ ref('int_stock_journal_pairs_placed') }} as pairs
    inner join {{ ref('int_stock_journal_calendars_set') }} as calendars
        on pairs.tenant_id = calendars.tenant_id
    where pairs.period_month >= calendars.start_month

),

compared as (

    select * from carried
    union all
    select
        tenant_id,
        pair_id,
        -amount as amount
    from {{ ref('int_stock_journal_movements_coded') }}
    where movement_status = 'in_journal'

)

select
    tenant_id,
    pair_id,
    sum(amount) as out_by
from compared
group by tenant_id, pair_id
having sum(amount) <> 0
