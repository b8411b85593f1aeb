with bases as (

    select * from {{ ref('int_ledger_bases_chosen') }}

),

-- Each organisation's ledger is of one basis: never some of this and some of that.
final as (

    select lines.*
    from {{ ref('int_ledger_lines_derived') }} as lines
    inner join bases
        on
            lines.tenant_id = bases.tenant_id
            and lines.basis = bases.basis
    union all
    select * from {{ ref('int_journal_lines_tracked') }}

)

select * from final
