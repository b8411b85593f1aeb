-- Coding neither loses nor repeats a line or a document; only the rounding lines and the months' journals are added.
-- A line of an adjustment or stock take that comes to something has two sides.
with in_sources as (

    select
        'lines' as what,
        count(*) as row_count
    from {{ ref('int_outgoing_lines_roled') }}
    where side <> 'stock'
    union all
    select
        'sides' as what,
        2 * count(*) as row_count
    from {{ ref('int_outgoing_lines_roled') }} as lines
    left join {{ ref('int_line_amounts_computed') }} as amounts
        on {{ same_key('lines', 'amounts', outgoing_line_key()) }}
    where lines.role = 'ADJUSTMENT' and (amounts.line_amount is null or amounts.line_amount <> 0)
    union all
    select
        'documents' as what,
        count(*) as row_count
    from {{ ref('int_outgoing_documents') }}
    union all
    select
        'stock movements' as what,
        count(*) as row_count
    from {{ ref('int_outgoing_stock_movements') }}

),

coded as (

    select
        'lines' as what,
        count(*) as row_count
    from {{ ref('document_lines') }}
    where side <> 'stock' and line_id <> 'rounding'
    union all
    select
        'sides' as what,
        count(*) as row_count
    from {{ ref('document_lines') }}
    where role = 'ADJUSTMENT'
    union all
    select
        'documents' as what,
        count(*) as row_count
    from {{ ref('documents') }}
    where document_type <> 'cogs'
    union all
    select
        'stock movements' as what,
        count(*) as row_count
    from {{ ref('int_line_accounts_resolved') }}
    where document_type = 'cogs'

)

select
    in_sources.what,
    in_sources.row_count as in_sources,
    coded.row_count as coded
from in_sources
inner join coded
    on in_sources.what = coded.what
where in_sources.row_count <> coded.row_count
