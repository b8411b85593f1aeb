{# Casting text. What does not fit becomes null, never an error. #}

{# Types as the data contracts write them: string, boolean, bigint, decimal(p,s), timestamp. #}
{% macro cast_or_null(expression, type) -%}
    {{ return(adapter.dispatch('cast_or_null', 'xero_crm')(expression, type)) }}
{%- endmacro %}

{% macro duckdb__cast_or_null(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{# A whole number is rounded, as DuckDB does, where Spark would refuse a fraction. #}
{% macro spark__cast_or_null(expression, type) -%}
    {%- if type == 'bigint' -%}
        cast(round(try_cast({{ expression }} as decimal(38, 10))) as bigint)
    {%- else -%}
        try_cast({{ expression }} as {{ type }})
    {%- endif -%}
{%- endmacro %}

{# The type of a decimal of as many digits as there are, of which `scale` stand behind the point. #}
{% macro wide_decimal(scale) -%}
    {{ return(adapter.dispatch('wide_decimal', 'xero_crm')(scale)) }}
{%- endmacro %}

{% macro default__wide_decimal(scale) -%}
    decimal(38, {{ scale }})
{%- endmacro %}

{#
    A calendar date out of either form that Xero sends: `2018-10-20T00:00:00`, of which the first 10
    characters count, or `/Date(1539993600000+0000)/`, milliseconds since 1970 at UTC. The offset is
    informational (`+1300` occurs on values that are UTC) and ignored; negatives are before 1970.
#}
{% macro calendar_date(text) -%}
    {{ return(adapter.dispatch('calendar_date', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__calendar_date(text) -%}
    case
        when {{ text }} like '/Date(%' then cast({{ epoch_timestamp(text) }} as date)
        when regexp_matches({{ text }}, '^\d{4}-\d{2}-\d{2}($|T| )') then try_cast(left({{ text }}, 10) as date)
    end
{%- endmacro %}

{% macro spark__calendar_date(text) -%}
    case
        when {{ text }} like '/Date(%' then cast({{ epoch_timestamp(text) }} as date)
        when {{ text }} rlike {{ pattern_literal('^\\d{4}-\\d{2}-\\d{2}($|T| )') }}
            then try_cast(left({{ text }}, 10) as date)
    end
{%- endmacro %}

{# The instant of a `/Date(ms+0000)/` value as a naive UTC timestamp. #}
{% macro epoch_timestamp(text) -%}
    {{ return(adapter.dispatch('epoch_timestamp', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__epoch_timestamp(text) -%}
    try(epoch_ms(try_cast(regexp_extract({{ text }}, '^/Date\((-?\d+)([+-]\d{4})?\)/$', 1) as bigint)))
{%- endmacro %}

{# Spark counts in microseconds; what has no room there is null. #}
{% macro spark__epoch_timestamp(text) -%}
    {%- set milliseconds -%}
        try_cast(regexp_extract({{ text }}, {{ pattern_literal('^/Date\\((-?\\d+)([+-]\\d{4})?\\)/$') }}, 1) as bigint)
    {%- endset -%}
    case
        when {{ milliseconds }} between -9223372036854775 and 9223372036854775
            then cast(timestamp_millis({{ milliseconds }}) as timestamp_ntz)
    end
{%- endmacro %}

{#
    The instant of an ISO 8601 text as a naive UTC timestamp: an offset is applied, which a plain cast
    would drop; without one the text is UTC already.
#}
{% macro utc_timestamp(text) -%}
    {{ return(adapter.dispatch('utc_timestamp', 'xero_crm')(text)) }}
{%- endmacro %}

{% macro duckdb__utc_timestamp(text) -%}
    case
        when regexp_matches({{ text }}, '[0-9](Z|[+-]\d{2}(:?\d{2})?)$') and {{ text }} like '%:%'
            then make_timestamp(epoch_us(try_cast({{ text }} as timestamptz)))
        else try_cast({{ text }} as timestamp)
    end
{%- endmacro %}

{# Spark takes `2018` and `10:00` for timestamps too, and a space before an offset for none. #}
{% macro spark__utc_timestamp(text) -%}
    case
        when not {{ text }} rlike {{ pattern_literal('^\\s*\\d{4}-\\d{1,2}-\\d{1,2}') }} then null
        when {{ text }} rlike {{ pattern_literal('[0-9](Z|[+-]\\d{2}(:?\\d{2})?)$') }} and {{ text }} like '%:%'
            then cast(try_cast({{ text }} as timestamp_ltz) as timestamp_ntz)
        else try_cast({{ text }} as timestamp_ntz)
    end
{%- endmacro %}
