-- 0.3333 at 0.0150 is 0.0049995: nothing, in cents. An engine that rounds the product to 6 decimals first makes
-- 0.005 of it, and a cent of that.
with factors as (
    select
        cast('0.3333' as decimal(18, 4)) as quantity,
        cast('0.0150' as decimal(18, 4)) as unit_amount,
        cast('50' as decimal(18, 6)) as rate
)

select *
from factors
where
    round(cast(quantity as {{ wide_decimal(4) }}) * cast(unit_amount as {{ wide_decimal(4) }}), 2) != 0
    or cast(quantity as {{ wide_decimal(4) }}) * cast(unit_amount as {{ wide_decimal(4) }})
    * (100 - cast(rate as {{ wide_decimal(6) }}))
    != cast('0.249975' as decimal(18, 6))
