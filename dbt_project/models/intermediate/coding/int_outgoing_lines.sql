{#- The lines of outgoing documents, of all source systems. -#}
{%- set columns = [
    'tenant_id', 'source_system', 'document_type', 'document_id', 'line_id', 'line_number', 'line_kind',
    'source_item_id', 'item_code', 'description', 'quantity', 'unit_amount', 'discount_rate', 'discount_amount',
    'source_line_amount', 'source_tax_amount', 'stock_tracking_type', 'is_attributed_to_stock_order',
    'goes_back_to_supplier', 'purchase_line_role', 'credited_document_id', 'credited_line_id',
] -%}

{% for system in source_systems() -%}
select {{ columns | join(', ') }} from {{ ref('int_' ~ system ~ '__outgoing_lines') }}
{{ 'union all' if not loop.last }}
{% endfor %}
