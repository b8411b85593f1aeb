{#- Stock that was used, dispatched or returned, of all source systems. -#}
{% for system in source_systems() -%}
select * from {{ ref('int_' ~ system ~ '__stock_movements') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
