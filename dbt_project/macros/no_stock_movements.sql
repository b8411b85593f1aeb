{# The stock movements of a system that tells of none: no row, in the neutral shape. #}
{% macro no_stock_movements(system) -%}
{%- set text, money = dbt.type_string(), 'decimal(18,4)' -%}
{%- set columns = {
    'tenant_id': text,
    'source_system': text,
    'movement_id': text,
    'movement_type': text,
    'document_id': text,
    'moved_at': 'timestamp',
    'source_item_id': text,
    'item_code': text,
    'quantity': money,
    'unit_cost': money,
    'project_id': text,
    'account_code': text,
    'is_due': 'boolean',
} -%}
select
    {%- for name, type in columns.items() %}
    cast({{ "'" ~ system ~ "'" if name == 'source_system' else 'null' }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
where false
{%- endmacro %}
