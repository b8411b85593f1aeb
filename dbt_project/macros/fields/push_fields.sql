{#
    What is read of the push ledger's rows, which are loaded back into the raw log: a row's columns as
    JSON, under the names of pipelines/push/tables.py. Columns that hold JSON stay text.
#}
{% macro push_fields() -%}
    {%- set columns = {
        'plans': {
            'string': 'created_by targets undo_of snapshot_ids control_totals stops',
            'timestamp': 'created_at expires_at',
        },
        'operations': {
            'string': 'plan_id target entity record_key operation label source_system source_record_id target_id '
                ~ 'payload payload_hash before held_version changes findings facts depends_on undo_of status',
            'bigint': 'position',
            'timestamp': 'changed_at',
        },
        'approvals': {
            'string': 'plan_id operation_id payload_hash decision approved_by method policy_version snapshot_id '
                ~ 'control_totals',
            'timestamp': 'approved_at',
        },
        'attempts': {
            'string': 'operation_id applied_by method path request_hash idempotency_key response errors warnings '
                ~ 'target_id target_number read_back_differences outcome',
            'bigint': 'attempt_number http_status',
            'timestamp': 'intended_at answered_at read_back_at',
        },
    } -%}
    {%- set tables = {} -%}
    {%- for table, by_type in columns.items() -%}
        {%- set fields = {} -%}
        {%- for type, names in by_type.items() -%}
            {%- for name in names.split() -%}
                {%- do fields.update({name: [name, type]}) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- do tables.update({table: fields}) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}
