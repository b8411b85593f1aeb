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
