{#
    From a data file of a system's fields (macros/fields) to a shape (macros/typing.sql) and to columns
    with our names. A fields file maps our name to [their name, type]: their name may be a path into an
    object (`client.name`); a type is a scalar type of typing.sql, or a list that holds one more mapping.
#}

{# The shape of a payload, in their names. #}
{% macro mapped_shape(fields) -%}
    {%- set shape = {} -%}
    {%- for theirs, type in fields.values() -%}
        {%- set path = theirs.split('.') -%}
        {%- set inner = namespace(at=shape) -%}
        {%- for part in path[:-1] -%}
            {%- if part not in inner.at -%}
                {%- do inner.at.update({part: {}}) -%}
            {%- endif -%}
            {%- set inner.at = inner.at[part] -%}
        {%- endfor -%}
        {%- do inner.at.update({path[-1]: type if type is string else [mapped_shape(type[0])]}) -%}
    {%- endfor -%}
    {{ return(shape) }}
{%- endmacro %}

{# Our columns out of a struct of that shape: `expression as our_name`, by comma. A blank text is null. #}
{% macro mapped_columns(fields, struct='fields') -%}
    {%- for ours, spec in fields.items() %}
        {{ mapped_value(struct, spec) }} as {{ ours }}{{ ',' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# One of our values; a list becomes a list of structs with our names. #}
{% macro mapped_value(struct, spec, depth=1) -%}
    {%- set value = namespace(at=struct) -%}
    {%- for part in spec[0].split('.') -%}
        {%- set value.at = struct_field(value.at, part) -%}
    {%- endfor -%}
    {%- if spec[1] == 'string' -%}
        {{ return("nullif(" ~ value.at ~ ", '')") }}
    {%- elif spec[1] is string -%}
        {{ return(value.at) }}
    {%- endif -%}
    {%- set item, members = 'element_' ~ depth, {} -%}
    {%- for ours, inner in spec[1][0].items() -%}
        {%- do members.update({ours: mapped_value(item, inner, depth + 1)}) -%}
    {%- endfor -%}
    {{ return(list_map(value.at, item, 'place_' ~ depth, struct_of(members))) }}
{%- endmacro %}

{#
    A staging model: the latest version of each record of a raw table, typed, with our names. `id` is
    our name of the record's id, which comes from the raw log.
#}
{% macro mapped_records(log, id, fields) -%}
with records as (
    {{ typed_records(latest_versions(log), mapped_shape(fields)) }}
),

renamed as (
    select
        tenant_id,
        record_id as {{ id }},
        {{- mapped_columns(fields) }},
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
{%- endmacro %}
