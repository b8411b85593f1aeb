{#
    The day that models count from, as a date expression. Models read no clock: it is the variable
    `as_of`, or the day of the latest complete read; null before the first one.
#}
{% macro as_of() -%}
    {%- set given = var('as_of', none) -%}
    {%- if given -%}
        cast('{{ given }}' as date)
    {%- else -%}
        (
            select max(cast(reads.finished_at as date))
            from {{ ref('stg_runs__reads') }} as reads
            where reads.is_complete
        )
    {%- endif -%}
{%- endmacro %}
