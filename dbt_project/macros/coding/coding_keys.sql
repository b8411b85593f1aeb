{# What names an outgoing document, and a line of one. #}
{% macro outgoing_document_key() -%}
    {{ return(['tenant_id', 'source_system', 'document_type', 'document_id']) }}
{%- endmacro %}

{% macro outgoing_line_key() -%}
    {{ return(outgoing_document_key() + ['line_id']) }}
{%- endmacro %}

{# Columns of a relation, by comma. #}
{% macro key_of(relation, columns) -%}
    {%- for column in columns -%}
        {{ relation }}.{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# That two relations speak of the same thing, as a join's condition. #}
{% macro same_key(one, other, columns) -%}
    {%- for column in columns %}
            {{ one }}.{{ column }} = {{ other }}.{{ column }}{{ ' and' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# What coding decides of a line. #}
{% macro coding_columns() -%}
    {{ return([
        'account_id', 'account_code', 'account_level', 'account_status', 'contra_account_id', 'contra_account_code',
        'contra_account_level', 'contra_account_status', 'tracking_option_id_2', 'tracking_option_2', 'tracking_level_2',
        'tracking_status_2', 'tracking_option_id_3', 'tracking_option_3', 'tracking_level_3', 'tracking_status_3',
        'tax_type', 'tax_level', 'tax_status',
    ]) }}
{%- endmacro %}

{# How a line is coded, and with which configuration, as the push ledger keeps it: JSON, and the shape to read it by. #}
{% macro coding_as_json(relation) -%}
    {%- set members = {} -%}
    {%- for column in coding_columns() + ['snapshot_id'] -%}
        {%- do members.update({column: json_string(relation ~ '.' ~ column)}) -%}
    {%- endfor -%}
    {{ return(json_object_of(members)) }}
{%- endmacro %}

{% macro coding_shape() -%}
    {%- set shape = {} -%}
    {%- for column in coding_columns() + ['snapshot_id'] -%}
        {%- do shape.update({column: 'string'}) -%}
    {%- endfor -%}
    {{ return(shape) }}
{%- endmacro %}
