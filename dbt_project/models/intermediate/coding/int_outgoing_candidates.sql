{#- What each system offers for a line's account, tax and tracking. -#}
{% for system in source_systems() -%}
select * from {{ ref('int_' ~ system ~ '__outgoing_candidates') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
