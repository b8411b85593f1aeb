{#
    How DuckDB makes tables and views: in one statement, which replaces the former relation and
    cannot be seen half done. dbt's own materializations make a copy, rename twice and drop, which
    for hundreds of small models takes longer than the models. Hooks and grants are not offered.
    Other engines use dbt's own.
#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- do make_way(target) -%}
    {%- if config.get('contract').enforced -%}
        {%- do get_assert_columns_equivalent(compiled_code) -%}
        {%- call statement('main') -%}
            create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
            insert into {{ target }} {{ get_column_names() }} ({{ get_select_subquery(compiled_code) }});
        {%- endcall -%}
        {%- do persist_docs(target, model) -%}
        {%- do adapter.commit() -%}
    {%- else -%}
        {%- call statement('main', auto_begin=False) -%}
            create or replace table {{ target }} as ({{ compiled_code }});
        {%- endcall -%}
    {%- endif -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {%- do make_way(target) -%}
    {%- call statement('main', auto_begin=False) -%}
        create or replace view {{ target }} as ({{ compiled_code }});
    {%- endcall -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{# A test only reads, so it needs no transaction of its own. #}
{% materialization test, adapter='duckdb' %}
    {%- call statement('main', fetch_result=True, auto_begin=False) -%}
        {{ get_test_sql(
            sql, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), config.get('limit')
        ) }}
    {%- endcall -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}

{# A view cannot be replaced by a table, nor a table by a view. #}
{% macro make_way(target) %}
    {%- set former = adapter.get_relation(target.database, target.schema, target.identifier) -%}
    {%- if former is not none and former.type != target.type -%}
        {%- do adapter.drop_relation(former) -%}
    {%- endif -%}
{% endmacro %}
