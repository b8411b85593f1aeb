{#
    The lines of a staged document model: one row per document and line. `lists` maps the kind of a
    line to the column that holds its lines. A line's id is unique within its kind only, so line_id
    begins with the kind; a line without an id of its own is named by its place. Lines that were
    removed are left out. line_number counts the document's lines from 1, kind by kind.
#}
{% macro mapped_lines(documents, lists, line_fields, order='sort_order') -%}
with exploded as (
    {%- for kind, column in lists.items() %}
    select
        tenant_id,
        document_id,
        '{{ kind }}' as list_kind,
        {{ loop.index }} as list_number,
        place,
        line,
        is_deleted,
        record_updated_at,
        extracted_at
    from {{ explode_with_position(documents, column, 'line', 'place') }} as {{ kind }}_lines
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

renamed as (
    select
        tenant_id,
        document_id,
        list_kind || '-' || coalesce({{ struct_field('line', 'source_line_id') }}, 'at-' || {{ number_in_text('place') }}) as line_id,
        row_number() over (
            partition by tenant_id, document_id
            order by
                list_number
                {%- if order in line_fields %}, {{ struct_field('line', order) }} nulls last{% endif %},
                place
        ) as line_number,
        list_kind,
        {%- for name in line_fields %}
        {{ struct_field('line', name) }} as {{ name }},
        {%- endfor %}
        is_deleted,
        record_updated_at,
        extracted_at
    from exploded
    where not coalesce({{ struct_field('line', 'is_removed') }}, false)
)

select * from renamed
{%- endmacro %}
