{# Lists and structs. Positions count from 1 on every engine. #}

{#
    A relation's rows repeated for each element of a list column, as a subquery for `from`: all
    columns of the relation, the element as `item`, its place as `position`. No row for no element.
#}
{% macro explode_with_position(relation, list_column, item='item', position='position') -%}
    {{ return(adapter.dispatch('explode_with_position', 'xero_crm')(relation, list_column, item, position)) }}
{%- endmacro %}

{% macro duckdb__explode_with_position(relation, list_column, item, position) -%}
    (
        select
            *,
            unnest({{ list_column }}) as {{ item }},
            generate_subscripts({{ list_column }}, 1) as {{ position }}
        from {{ relation }}
    )
{%- endmacro %}

{% macro spark__explode_with_position(relation, list_column, item, position) -%}
    (
        select
            relation.*,
            exploded.{{ item }},
            cast(exploded.place_from_zero + 1 as bigint) as {{ position }}
        from {{ relation }} as relation
        lateral view posexplode({{ list_column }}) exploded as place_from_zero, {{ item }}
    )
{%- endmacro %}

{# The element at a place of a list; null beyond its end. #}
{% macro list_element(list, position) -%}
    {{ return(adapter.dispatch('list_element', 'xero_crm')(list, position)) }}
{%- endmacro %}

{% macro duckdb__list_element(list, position) -%}
    {{ list }}[{{ position }}]
{%- endmacro %}

{% macro spark__list_element(list, position) -%}
    try_element_at({{ list }}, {{ position }})
{%- endmacro %}

{# How many elements; null for no list. #}
{% macro list_length(list) -%}
    {{ return(adapter.dispatch('list_length', 'xero_crm')(list)) }}
{%- endmacro %}

{% macro duckdb__list_length(list) -%}
    len({{ list }})
{%- endmacro %}

{% macro spark__list_length(list) -%}
    cast(array_size({{ list }}) as bigint)
{%- endmacro %}

{# A list of `expression` for each `item` at `position` (names that the expression uses). #}
{% macro list_map(list, item, position, expression) -%}
    {{ return(adapter.dispatch('list_map', 'xero_crm')(list, item, position, expression)) }}
{%- endmacro %}

{% macro duckdb__list_map(list, item, position, expression) -%}
    list_transform({{ list }}, lambda {{ item }}, {{ position }}: {{ expression }})
{%- endmacro %}

{# Spark counts from 0, so that the expression's position is written one further. #}
{% macro spark__list_map(list, item, position, expression) -%}
    transform({{ list }}, ({{ item }}, {{ position }}) -> {{ _from_one(expression, position) }})
{%- endmacro %}

{% macro _from_one(expression, position) -%}
    {{ return(modules.re.sub('\\b' ~ position ~ '\\b', '(' ~ position ~ ' + 1)', expression)) }}
{%- endmacro %}

{# Whether `condition` holds for some `item` at `position`. #}
{% macro list_any(list, item, position, condition) -%}
    {{ return(adapter.dispatch('list_any', 'xero_crm')(list, item, position, condition)) }}
{%- endmacro %}

{% macro duckdb__list_any(list, item, position, condition) -%}
    coalesce(len(list_filter({{ list }}, lambda {{ item }}, {{ position }}: {{ condition }})), 0) > 0
{%- endmacro %}

{% macro spark__list_any(list, item, position, condition) -%}
    coalesce(array_size(filter({{ list }}, ({{ item }}, {{ position }}) -> {{ _from_one(condition, position) }})), 0) > 0
{%- endmacro %}

{# A list of the given expressions. #}
{% macro list_of(expressions) -%}
    {{ return(adapter.dispatch('list_of', 'xero_crm')(expressions)) }}
{%- endmacro %}

{% macro duckdb__list_of(expressions) -%}
    [{{ expressions | join(', ') }}]
{%- endmacro %}

{% macro spark__list_of(expressions) -%}
    array({{ expressions | join(', ') }})
{%- endmacro %}

{# One list of the elements of the given lists. #}
{% macro lists_joined(lists) -%}
    {{ return(adapter.dispatch('lists_joined', 'xero_crm')(lists)) }}
{%- endmacro %}

{% macro duckdb__lists_joined(lists) -%}
    flatten({{ list_of(lists) }})
{%- endmacro %}

{# Spark's own makes the whole null for one list that is. #}
{% macro spark__lists_joined(lists) -%}
    flatten(array_compact({{ list_of(lists) }}))
{%- endmacro %}

{# One list of the elements of the list that `expression` is for each `item` at `position`. #}
{% macro list_flat_map(list, item, position, expression) -%}
    {{ return(adapter.dispatch('list_flat_map', 'xero_crm')(list, item, position, expression)) }}
{%- endmacro %}

{% macro duckdb__list_flat_map(list, item, position, expression) -%}
    flatten({{ list_map(list, item, position, expression) }})
{%- endmacro %}

{% macro spark__list_flat_map(list, item, position, expression) -%}
    flatten(array_compact({{ list_map(list, item, position, expression) }}))
{%- endmacro %}

{# A list without its null elements. #}
{% macro list_compact(list) -%}
    {{ return(adapter.dispatch('list_compact', 'xero_crm')(list)) }}
{%- endmacro %}

{% macro duckdb__list_compact(list) -%}
    list_filter({{ list }}, lambda element: element is not null)
{%- endmacro %}

{% macro spark__list_compact(list) -%}
    array_compact({{ list }})
{%- endmacro %}

{# A struct of {name: expression}. #}
{% macro struct_of(fields) -%}
    {{ return(adapter.dispatch('struct_of', 'xero_crm')(fields)) }}
{%- endmacro %}

{% macro duckdb__struct_of(fields) -%}
    {
    {%- for name, expression in fields.items() -%}
        '{{ name }}': {{ expression }}{{ ', ' if not loop.last }}
    {%- endfor -%}
    }
{%- endmacro %}

{% macro spark__struct_of(fields) -%}
    named_struct(
    {%- for name, expression in fields.items() -%}
        '{{ name }}', {{ expression }}{{ ', ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}

{# A field of a struct, whatever its name. #}
{% macro struct_field(struct, name) -%}
    {{ return(adapter.dispatch('struct_field', 'xero_crm')(struct, name)) }}
{%- endmacro %}

{% macro duckdb__struct_field(struct, name) -%}
    {{ struct }}['{{ name }}']
{%- endmacro %}

{% macro spark__struct_field(struct, name) -%}
    {{ struct }}.`{{ name }}`
{%- endmacro %}
