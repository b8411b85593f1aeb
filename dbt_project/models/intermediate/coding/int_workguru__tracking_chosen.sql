{#-
    Each reporting category chosen anywhere, for the lines it speaks of. WorkGuru takes a record's own
    choice, else its project's; both are listed here, and the level says which is which.
-#}
{%- set documents = [
    ('invoice', 'invoices', ''),
    ('credit_note', 'client_credit_notes', 'client-'),
    ('credit_note', 'supplier_credit_notes', 'supplier-'),
    ('purchase', 'purchase_orders', ''),
    ('adjustment', 'stock_adjustments', ''),
    ('stock_take', 'stock_takes', ''),
] -%}
{%- set text = dbt.type_string() -%}

with jobs as (
    select * from {{ ref('int_workguru__jobs_unified') }}
),

carriers as (
    select
        tenant_id,
        document_type,
        document_id,
        line_id,
        'line' as level,
        reporting_categories
    from {{ ref('int_workguru__lines_unified') }}
    {%- for document_type, model, prefix in documents %}
    union all
    select
        tenant_id,
        '{{ document_type }}' as document_type,
        '{{ prefix }}' || document_id as document_id,
        cast(null as {{ text }}) as line_id,
        'transaction' as level,
        reporting_categories
    from {{ ref('stg_workguru__' ~ model) }}
    where not is_deleted
    {%- endfor %}
    union all
    select
        tenant_id,
        'cogs' as document_type,
        document_id,
        movement_id as line_id,
        'transaction' as level,
        reporting_categories
    from {{ ref('int_workguru__movements_unified') }}
    union all
    select
        documents.tenant_id,
        documents.document_type,
        documents.document_id,
        cast(null as {{ text }}) as line_id,
        'job' as level,
        jobs.reporting_categories
    from {{ ref('int_workguru__outgoing_documents') }} as documents
    inner join jobs
        on
            documents.tenant_id = jobs.tenant_id
            and documents.project_id = jobs.project_id
    union all
    select
        movements.tenant_id,
        'cogs' as document_type,
        movements.document_id,
        movements.movement_id as line_id,
        'job' as level,
        jobs.reporting_categories
    from {{ ref('int_workguru__movements_unified') }} as movements
    inner join jobs
        on
            movements.tenant_id = jobs.tenant_id
            and movements.project_id = jobs.project_id
),

final as (
    select
        tenant_id,
        document_type,
        document_id,
        line_id,
        level,
        coalesce(chosen.tracking_option_id, chosen.tracking_option_name) as value,
        case
            when chosen.tracking_option_id is not null then 'option_id'
            when chosen.tracking_option_name is not null then 'option_name'
        end as value_kind,
        coalesce(chosen.tracking_category_id, chosen.tracking_category_name) as tracking_category,
        coalesce(chosen.is_explicit_none, false) as is_explicit_none
    from {{ explode_with_position('carriers', 'reporting_categories', 'chosen', 'place') }} as choices
    where
        chosen.is_explicit_none
        or chosen.tracking_option_id is not null
        or chosen.tracking_option_name is not null
)

select * from final
