{#- What each source system offers for a line's account, tax and tracking. -#}
{%- set columns = [
    'tenant_id', 'source_system', 'document_type', 'document_id', 'line_id', 'attribute', 'level', 'value',
    'value_kind', 'side_of_override', 'tracking_category', 'is_explicit_none',
] -%}

{% for system in source_systems() -%}
select {{ columns | join(', ') }} from {{ ref('int_' ~ system ~ '__outgoing_candidates') }}
{{ 'union all' if not loop.last }}
{% endfor %}
