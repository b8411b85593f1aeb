{#
    `dbt run-operation declare_raw_log --target spark`: makes the sources known to an engine that reads them as
    Parquet, from the folders <log>/<dataset>/<table> of a raw log. Once is enough: files that come later are
    found. DuckDB needs none of it, for its raw log stands beside the models. A source that has other columns
    than the raw log's states them.
#}
{% macro declare_raw_log() -%}
    {%- set log = env_var('XERO_CRM_RAW_LOG_URL') -%}
    {%- for schema in graph.sources.values() | map(attribute='schema') | unique -%}
        {%- do run_query('create schema if not exists ' ~ schema) -%}
    {%- endfor -%}
    {%- for source in graph.sources.values() -%}
        {%- set columns -%}
            {%- for column in source.columns.values() -%}
                {{ column.name }} {{ column.data_type }}{{ ', ' if not loop.last }}
            {%- else -%}
                tenant_id string, record_id string, version_hash string, record_updated_at timestamp,
                extracted_at timestamp, is_deleted boolean, payload string
            {%- endfor -%}
        {%- endset -%}
        {%- set name = source.schema ~ '.' ~ source.identifier -%}
        {%- set folder = log ~ '/' ~ source.schema ~ '/' ~ source.identifier -%}
        {%- do run_query('drop table if exists ' ~ name) -%}
        {%- do run_query(
            'create table ' ~ name ~ ' (' ~ columns ~ ') using parquet '
            ~ "options (recursiveFileLookup 'true', path '" ~ folder ~ "')"
        ) -%}
    {%- endfor -%}
{%- endmacro %}
