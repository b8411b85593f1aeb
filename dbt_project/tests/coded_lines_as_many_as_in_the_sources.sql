-- Coding neither loses nor repeats a line or a document; only the rounding lines are added.
with in_sources as (

    select
        'lines' as what,
        count(*) as row_count
    from {{ ref('int_outgoing_lines') }}
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
    where line_id <> 'rounding'
    union all
    select
        'documents' as what,
        count(*) as row_count
    from {{ ref('documents') }}
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
