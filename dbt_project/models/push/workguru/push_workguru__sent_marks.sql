{{ config(alias='workguru__sent_marks') }}

{#-
    Documents of WorkGuru that are marked as sent there, once Xero has them as planned: then WorkGuru
    neither sends nor changes them. A document that waits or is stopped is not marked. A month's journal of
    cost of goods sold has no mark of its own.
-#}
{%- set kinds = {
    'invoice': 'invoices',
    'purchase': 'purchase_orders',
    'adjustment': 'stock_adjustments',
    'stock_take': 'stock_takes',
} -%}

with documents as (

    {%- for entity in ['invoices', 'bills', 'credit_notes', 'manual_journals'] %}
    select
        tenant_id,
        'xero__{{ entity }}/' || record_key as document,
        record_key,
        source_record_id,
        label,
        findings,
        {{ json_text('facts', "'$.document_type'") }} as document_type
    from {{ ref('push_xero__' ~ entity) }}
    where source_system = 'workguru'
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

kinded as (

    select
        *,
        case document_type
            {% for type, kind in kinds.items() -%}
            when '{{ type }}' then '{{ kind }}'
            {% endfor -%}
            else case when source_record_id like 'client-%' then 'client_credit_notes' else 'supplier_credit_notes' end
        end as kind,
        replace(replace(source_record_id, 'client-', ''), 'supplier-', '') as workguru_id
    from documents
    where document_type <> 'cogs' and not {{ is_stopped('findings') }}

),

written as (

    select
        *,
        {{ json_object_of({'kind': json_string('kind'), 'id': json_string('workguru_id')}) }} as payload
    from kinded

),

records as (

    select
        tenant_id,
        record_key,
        'mark' as operation_hint,
        payload,
        'Sent mark of ' || label as label,
        kind || '|' || workguru_id as target_id,
        cast(null as {{ dbt.type_string() }}) as held_payload,
        cast(null as {{ dbt.type_string() }}) as held_version,
        {{ json_nothing() }} as findings,
        {{ json_object_of({'document_type_marked': json_string('document_type')}) }} as facts,
        {{ json_list_of([json_string('document')]) }} as depends_on,
        'workguru' as source_system,
        source_record_id,
        payload as content
    from written

),

{{ push_records('workguru', 'sent_marks') }}
