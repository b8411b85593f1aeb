{#
    Spark's Parquet tables cannot be merged into, so that what is incremental on DuckDB is built anew there,
    from the whole raw log.
#}
{% materialization incremental, adapter='spark' -%}
    {{ return(dbt.materialization_table_spark()) }}
{%- endmaterialization %}

{% macro is_incremental() -%}
    {{ return(target.type != 'spark' and dbt.is_incremental()) }}
{%- endmacro %}
