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

{#
    What is new replaces what it held of the same keys and joins the rest, in one statement (strategy
    `merge`). Columns that are not those of the table fail (`on_schema_change` `fail`): what it holds
    would lack them. No other strategy and no other answer is offered.
#}
{% materialization incremental, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set former = adapter.get_relation(this.database, this.schema, this.identifier) -%}
    {%- if former is none or former.type != 'table' or should_full_refresh() -%}
        {%- do make_way(target) -%}
        {%- call statement('main', auto_begin=False) -%}
            create or replace table {{ target }} as ({{ compiled_code }});
        {%- endcall -%}
    {%- else -%}
        {%- set found = adapter.quote(this.identifier ~ '__new') -%}
        {%- call statement('new', auto_begin=False) -%}
            create or replace temporary table {{ found }} as ({{ compiled_code }});
        {%- endcall -%}
        {%- do columns_are_as_before(found, target) -%}
        {%- call statement('main', auto_begin=False) -%}
            merge into {{ target }} as held
            using {{ found }} as found using ({{ config.require('unique_key') | join(', ') }})
            when matched then update by name
            when not matched then insert by name;
            drop table {{ found }};
        {%- endcall -%}
    {%- endif -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro columns_are_as_before(found, target) %}
    {%- call statement('columns', fetch_result=True, auto_begin=False) -%}
        select column_name
        from (
            select column_name, column_type from (describe {{ found }})
            union all
            select column_name, column_type from (describe {{ target }})
        )
        group by column_name, column_type
        having count(*) = 1
        order by column_name
    {%- endcall -%}
    {%- set changed = load_result('columns')['data'] | map('first') | unique | join(', ') -%}
    {%- if changed -%}
        {%- do exceptions.raise_compiler_error(
            'Columns of ' ~ target ~ ' changed (' ~ changed ~ '); what it holds is of the former ones. '
            ~ 'Build it anew: xero-crm build --full-refresh'
        ) -%}
    {%- endif -%}
{% endmacro %}

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
