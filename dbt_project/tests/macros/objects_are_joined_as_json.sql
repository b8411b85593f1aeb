-- Members that are all null add nothing, not even a comma; nor does an object without members.
{%- set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with texts as (
    select
        '{"a":1}' as object,
        '{}' as empty
)

select *
from texts
where
    {{ json_object_with('object', {'b': nothing}) }} != '{"a":1}'
    or {{ json_object_with('object', {'b': "'2'"}) }} != '{"a":1,"b":2}'
    or {{ json_object_with('empty', {'b': "'2'"}) }} != '{"b":2}'
