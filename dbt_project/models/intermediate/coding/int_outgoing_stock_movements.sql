{#- Stock that was used, dispatched or returned, of all source systems. -#}
{%- set columns = [
    'tenant_id', 'source_system', 'movement_id', 'movement_type', 'document_id', 'moved_at', 'source_item_id',
    'item_code', 'quantity', 'unit_cost', 'project_id', 'account_code', 'is_due',
] -%}

{% for system in source_systems() -%}
select {{ columns | join(', ') }} from {{ ref('int_' ~ system ~ '__stock_movements') }}
{{ 'union all' if not loop.last }}
{% endfor %}
