{#
    The lines of a staged document of Unleashed: one row per document and line. A line without an id of
    its own is named by its place. The document's order number comes along: it is what an invoice and
    its order have in common.
#}
{% macro unleashed_lines(documents, id, line_fields) -%}
with exploded as (
    select * from {{ explode_with_position(documents, 'lines', 'line', 'place') }} as document_lines
),

renamed as (
    select
        tenant_id,
        {{ id }},
        order_number,
        coalesce({{ struct_field('line', 'source_line_id') }}, {{ id }} || '-' || {{ number_in_text('place') }}) as line_id,
        {%- for name in line_fields if name not in ['source_line_id', 'line_number'] %}
        {{ struct_field('line', name) }} as {{ name }},
        {%- endfor %}
        coalesce({{ struct_field('line', 'line_number') }}, place) as line_number,
        is_deleted,
        record_updated_at,
        extracted_at
    from exploded
)

select * from renamed
{%- endmacro %}
