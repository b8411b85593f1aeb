{#
    The rows of a staged report model that name an account: one row per report and account. `cells`
    gives the columns by the place of their cell, from 1; a blank cell is null.
#}
{% macro xero_report_rows(reports, cells) -%}
with sections as (
    select * from {{ explode_with_position(reports, 'report_rows', 'section', 'section_number') }} as sections
),

titled as (
    select
        *,
        section.Title as section_title,
        section.Rows as section_rows
    from sections
),

lines as (
    select * from {{ explode_with_position('titled', 'section_rows', 'line', 'line_number') }} as lines
),

named as (
    select
        *,
        {{ list_element('line.Cells', 1) }} as title_cell
    from lines
    where line.RowType = 'Row'
),

attributed as (
    select
        *,
        {{ list_element('title_cell.Attributes', 1) }} as attribute
    from named
),

renamed as (
    select
        tenant_id,
        report_id,
        month_end,
        section_title,
        attribute.Value as account_id,
        title_cell.Value as row_title,
        {%- for column, place in cells.items() %}
        {{ cast_or_null("nullif(" ~ list_element('line.Cells', place) ~ ".Value, '')", 'decimal(18,4)') }} as {{ column }},
        {%- endfor %}
        is_deleted,
        extracted_at
    from attributed
    where attribute.Id = 'account'
)

select * from renamed
{%- endmacro %}
