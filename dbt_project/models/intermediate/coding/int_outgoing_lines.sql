{#- Their lines, of all source systems. -#}
{% for system in source_systems() -%}
select * from {{ ref('int_' ~ system ~ '__outgoing_lines') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
