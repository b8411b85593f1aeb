{#
    From a declared shape to typed columns, and to the list of what could not be typed.

    A shape (macros/shapes) is a type name (`string`, `boolean`, `bigint`, `date`, `timestamp`, `decimal(18,4)`, and
    `instant` for a timestamp that Xero writes as `/Date(ms+0000)/`), a
    mapping of field names as in the JSON, or a list that holds one element's shape. Columns and
    checks are rendered from the same shape: a field cannot be typed and left unchecked.
#}

{#
    Record versions, typed: tenant_id, record_id, record_updated_at, extracted_at, is_deleted and the
    columns named in `also`, with `fields` (a struct of the shape) and `typing_failures`, a list of
    (field, raw_value), null where there is none. `versions` is a query as of macros/versions.sql.
#}
{% macro typed_records(versions, shape, also=[]) -%}
    select
        tenant_id,
        record_id,
        record_updated_at,
        extracted_at,
        is_deleted,
        {%- for column in also %}
        {{ column }},
        {%- endfor %}
        {{ typed('text', shape) }} as fields,
        {{ typing_failures('text', 'payload', shape) }} as typing_failures
    from (
        select
            *,
            {{ parse_text('payload', shape) }} as text
        from ({{ versions }}) as versions
    ) as parsed
{%- endmacro %}

{# The typed value of a text that parse_text gave. #}
{% macro typed(text, shape, depth=1) -%}
    {%- if shape is string -%}
        {{ return(_typed_scalar(text, shape)) }}
    {%- elif shape is mapping -%}
        {%- set fields = {} -%}
        {%- for name, field_shape in shape.items() -%}
            {%- do fields.update({name: typed(struct_field(text, name), field_shape, depth)}) -%}
        {%- endfor -%}
        {{ return(struct_of(fields)) }}
    {%- else -%}
        {%- set item, position = 'item_' ~ depth, 'position_' ~ depth -%}
        {{ return(list_map(text, item, position, typed(item, shape[0], depth + 1))) }}
    {%- endif -%}
{%- endmacro %}

{% macro _typed_scalar(text, type) -%}
    {%- if type == 'string' -%}
        {{ return(text) }}
    {%- elif type == 'date' -%}
        {{ return(calendar_date(text)) }}
    {%- elif type == 'timestamp' -%}
        {{ return(utc_timestamp(text)) }}
    {%- elif type == 'instant' -%}
        {{ return(epoch_timestamp(text)) }}
    {%- else -%}
        {{ return(cast_or_null(text, type)) }}
    {%- endif -%}
{%- endmacro %}

{#
    Every field of the shape that the payload has, not null, and that is null when typed: a list of
    (field, raw_value), list positions from 1 as a person counts lines; the field `$` is a payload
    that cannot be read at all. Null if there is none, which costs one pass over the values.
#}
{% macro typing_failures(text, payload, shape) -%}
    {%- set checks = _typing_checks(text, payload, shape, "'", "'$", 1) -%}
    case
        when {{ text }} is null then {{ list_of([_typing_failure("'$'", payload)]) }}
        {%- if checks %}
        when {{ checks | map(attribute='condition') | join(' or ') }}
            then {{ list_compact(lists_joined(checks | map(attribute='failures') | list)) }}
        {%- endif %}
    end
{%- endmacro %}

{# `label` and `path` are SQL string literals still open, so that a position can be spliced in. #}
{% macro _typing_checks(text, payload, shape, label, path, depth) -%}
    {%- set checks = [] -%}
    {%- if shape is string -%}
        {%- if shape != 'string' -%}
            {%- set condition = '(' ~ text ~ ' is not null and ' ~ _typed_scalar(text, shape) ~ ' is null)' -%}
            {%- do checks.append(_typing_check(condition, label ~ "'", text)) -%}
        {%- endif -%}
    {%- elif shape is mapping -%}
        {%- for name, field_shape in shape.items() -%}
            {%- set field_label = label ~ ('.' if label | length > 1 else '') ~ name -%}
            {%- do checks.extend(
                _typing_checks(struct_field(text, name), payload, field_shape, field_label, path ~ '.' ~ name, depth)
            ) -%}
        {%- endfor -%}
    {%- else -%}
        {#- `case` keeps the second look at the payload to the records without the list. -#}
        {%- set raw = 'case when ' ~ text ~ ' is null then ' ~ json_text(payload, path ~ "'") ~ ' end' -%}
        {%- do checks.append(_typing_check('(' ~ raw ~ ') is not null', label ~ "'", raw)) -%}
        {%- set item, position = 'item_' ~ depth, 'position_' ~ depth -%}
        {%- set of_items = _typing_checks(
            item, payload, shape[0],
            label ~ "[' || " ~ position ~ " || ']",
            path ~ "[' || (" ~ position ~ " - 1) || ']",
            depth + 1
        ) -%}
        {%- if of_items -%}
            {%- set failures = lists_joined(of_items | map(attribute='failures') | list) -%}
            {%- do checks.append({
                'condition': list_any(text, item, position, of_items | map(attribute='condition') | join(' or ')),
                'failures': list_flat_map(text, item, position, failures),
            }) -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(checks) }}
{%- endmacro %}

{% macro _typing_check(condition, field, raw_value) -%}
    {%- set failure = 'case when ' ~ condition ~ ' then ' ~ _typing_failure(field, raw_value) ~ ' end' -%}
    {{ return({'condition': condition, 'failures': list_of([failure])}) }}
{%- endmacro %}

{% macro _typing_failure(field, raw_value) -%}
    {{ return(struct_of({'field': field, 'raw_value': 'left(' ~ raw_value ~ ', 200)'})) }}
{%- endmacro %}
