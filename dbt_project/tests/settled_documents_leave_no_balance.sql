-- What is settled in its own currency is settled in base currency: receivables and payables of it come to nothing.
with settled as (

    select
        tenant_id,
        document_id,
        max(total_base) as total_base,
        sum(cleared_base) as cleared_base
    from {{ ref('int_settlements_cleared') }}
    group by tenant_id, document_id
    having sum(amount) = max(total)

)

select * from settled
where total_base <> cleared_base
