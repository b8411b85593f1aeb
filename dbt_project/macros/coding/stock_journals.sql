{#
    A pair of accounts and options of a month, known by the same id in whatever journal it stands:
    "2025-10-" and 12 digits of a hash. Names columns cogs_account_id to tracking_option_id_3.
#}
{% macro stock_journal_pair_id(month) -%}
    {%- set parts = [] -%}
    {%- for column in ['cogs_account_id', 'inventory_account_id', 'tracking_option_id_2', 'tracking_option_id_3'] -%}
        {%- do parts.append("coalesce(" ~ column ~ ", '')") -%}
    {%- endfor -%}
    {{ month_key(month) }} || '-' || substr({{ sha256_hex(parts | join(" || '|' || ")) }}, 1, 12)
{%- endmacro %}

{# A month's journal, known by the same id and number for ever. #}
{% macro stock_journal_id(month) -%}
    'cogs-' || {{ month_key(month) }}
{%- endmacro %}

{% macro stock_journal_number(month) -%}
    'COGS-' || {{ month_key(month) }}
{%- endmacro %}

{# The value of a column that all rows of a group agree on; null where they do not. #}
{% macro agreed_value(column) -%}
    case when min(coalesce({{ column }}, '')) = max({{ column }}) then min({{ column }}) end
{%- endmacro %}
