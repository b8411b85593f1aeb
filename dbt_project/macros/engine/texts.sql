{# Texts, and parts of them by patterns, as each engine writes them. #}

{# A text as a literal. #}
{% macro text_literal(text) -%}
    {{ return(adapter.dispatch('text_literal', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__text_literal(text) -%}
    {{ return("'" ~ text | replace("'", "''") ~ "'") }}
{%- endmacro %}

{# Two apostrophes stay two where a backslash stands for itself (spark.sql.parser.escapedStringLiterals). #}
{% macro spark__text_literal(text) -%}
    {%- if "'" in text and '"' in text -%}
        {{ exceptions.raise_compiler_error('Spark has no literal for a text with both kinds of quotes: ' ~ text) }}
    {%- endif -%}
    {{ return('"' ~ text ~ '"' if "'" in text else "'" ~ text ~ "'") }}
{%- endmacro %}

{# A pattern as a literal, in which a backslash stands for itself. #}
{% macro pattern_literal(pattern) -%}
    {{ return(adapter.dispatch('pattern_literal', 'xero_crm')(pattern)) }}
{%- endmacro %}

{% macro default__pattern_literal(pattern) -%}
    {{ return("'" ~ pattern ~ "'") }}
{%- endmacro %}

{# Texts in one, without those that are null. #}
{% macro texts_joined(texts, separator=',') -%}
    {{ return(adapter.dispatch('texts_joined', 'xero_crm')(texts, separator)) }}
{%- endmacro %}

{% macro default__texts_joined(texts, separator) -%}
    concat_ws('{{ separator }}', {{ texts | join(', ') }})
{%- endmacro %}

{# A whole number, to be put between texts by `||`. #}
{% macro number_in_text(number) -%}
    {{ return(adapter.dispatch('number_in_text', 'xero_crm')(number)) }}
{%- endmacro %}

{% macro default__number_in_text(number) -%}
    {{ number }}
{%- endmacro %}

{# The text of a decimal: 12.5000 is 12.5, and 120.0000 is 120. #}
{% macro without_trailing_zeros(text) -%}
    {{ return(adapter.dispatch('without_trailing_zeros', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro default__without_trailing_zeros(text) -%}
    trim(trailing '.' from trim(trailing '0' from {{ text }}))
{%- endmacro %}

{# A text without the noughts that it begins with. #}
{% macro without_leading_zeros(text) -%}
    {{ return(adapter.dispatch('without_leading_zeros', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro default__without_leading_zeros(text) -%}
    ltrim({{ text }}, '0')
{%- endmacro %}

{# Its ltrim takes them the other way round: what to trim, then the text. #}
{% macro spark__without_leading_zeros(text) -%}
    trim(leading '0' from {{ text }})
{%- endmacro %}

{# The digits of a text, in their order; blank where it has none. #}
{% macro digits_of(text) -%}
    {{ return(adapter.dispatch('digits_of', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__digits_of(text) -%}
    regexp_replace({{ text }}, '[^0-9]', '', 'g')
{%- endmacro %}

{% macro spark__digits_of(text) -%}
    regexp_replace({{ text }}, '[^0-9]', '')
{%- endmacro %}

{# What stands in square brackets at the end of a text; blank where nothing does. #}
{% macro text_in_last_brackets(text) -%}
    {{ return(adapter.dispatch('text_in_last_brackets', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__text_in_last_brackets(text) -%}
    regexp_extract({{ text }}, '\[([^\[\]]+)\]\s*$', 1)
{%- endmacro %}

{% macro spark__text_in_last_brackets(text) -%}
    regexp_extract({{ text }}, {{ pattern_literal('\\[([^\\[\\]]+)\\]\\s*$') }}, 1)
{%- endmacro %}

{# The first day of the month that a text ends with, "Re-costing of October 2025"; null if it ends otherwise. #}
{% macro month_at_end(text) -%}
    {{ return(adapter.dispatch('month_at_end', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__month_at_end(text) -%}
    cast(try_strptime(regexp_extract({{ text }}, '[A-Z][a-z]+ \d{4}$'), '%B %Y') as date)
{%- endmacro %}

{% macro spark__month_at_end(text) -%}
    cast(try_to_timestamp(regexp_extract({{ text }}, {{ pattern_literal('[A-Z][a-z]+ \\d{4}$') }}, 0), 'MMMM yyyy') as date)
{%- endmacro %}

{# Called by dbt.split_part. That of dbt-spark takes the delimiter for a pattern, escaped by doubled backslashes. #}
{% macro spark__split_part(string_text, delimiter_text, part_number) -%}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}

{#
    What dbt's unit tests make of the values in their files. dbt-spark would put a backslash before an apostrophe,
    which stays in the text here, and has no way to state a list: it is JSON there, as on DuckDB.
#}
{% macro spark__escape_single_quotes(expression) -%}
    {{ return(expression) }}
{%- endmacro %}

{% macro spark__string_literal(value) -%}
    {{ return(text_literal(value)) }}
{%- endmacro %}

{% macro spark__safe_cast(field, type) -%}
    {%- if type.lower().startswith(('array', 'struct')) and field != 'null' -%}
        from_json({{ field }}, '{{ type }}')
    {%- else -%}
        cast({{ field }} as {{ type }})
    {%- endif -%}
{%- endmacro %}
