{#- What goes, or may go, to accounting, of all source systems. -#}
{% for system in source_systems() -%}
select * from {{ ref('int_' ~ system ~ '__outgoing_documents') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
