{#
    Spark's Parquet tables cannot be merged into, so that what is incremental on DuckDB is built anew there,
    from the whole raw log.
#}
{% materialization incremental, adapter='spark' -%}
    {{ return(dbt.materialization_table_spark()) }}
{%- endmaterialization %}

{# DuckDB alone looks at new rows only; another engine that can merge merges all of them. #}
{% macro is_incremental() -%}
    {{ return(target.type == 'duckdb' and dbt.is_incremental()) }}
{%- endmacro %}
