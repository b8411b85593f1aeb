{# The tracking of a posting, as reporting.ledger_lines has it: that of its own line. #}
{% macro ledger_tracking_columns(of=none) -%}
    {%- for column in ['tracking_option_id_2', 'tracking_option_2', 'tracking_option_id_3', 'tracking_option_3'] -%}
        {{ of ~ '.' if of }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# The same of a posting that is of no line. #}
{% macro no_ledger_tracking() -%}
    {%- for column in ledger_tracking_columns().split(', ') -%}
        cast(null as {{ dbt.type_string() }}) as {{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
