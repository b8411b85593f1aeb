{{ config(materialized='table') }}

{#- The lines of our documents as Xero holds them, tracking by the slots of Analysis 2 and 3. -#}
{%- set models = {
    'stg_xero__invoices': "entity <> 'credit_notes'",
    'stg_xero__credit_notes': "entity = 'credit_notes'",
} -%}

with prepared as (

    select * from {{ ref('int_push_documents_prepared') }}

),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

-- Only the documents of ours: spreading all lines of all documents would take longer than the rest.
{%- for model, entity in models.items() %}

targets_{{ loop.index }} as (

    select distinct
        tenant_id,
        target_id
    from prepared
    where {{ entity }}

),

ours_{{ loop.index }} as (

    select documents.*
    from {{ ref(model) }} as documents
    inner join targets_{{ loop.index }} as targets
        on
            documents.tenant_id = targets.tenant_id
            and documents.document_id = targets.target_id

),
{%- endfor %}

lines as (

    {% for model in models -%}
    select * from ({{ xero_document_lines('ours_' ~ loop.index) }}) as lines_{{ loop.index }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        prepared.record_key,
        {% for slot in [2, 3] -%}
        slots_{{ slot }}.tracking_category_id as category_id_{{ slot }},
        case slots_{{ slot }}.tracking_category_id
            when lines.tracking_category_id_1 then lines.tracking_option_id_1
            when lines.tracking_category_id_2 then lines.tracking_option_id_2
        end as option_id_{{ slot }},
        {% endfor -%}
        lines.tenant_id,
        lines.line_id,
        lines.line_number,
        lines.item_code,
        lines.description,
        lines.quantity,
        lines.unit_amount,
        lines.discount_rate,
        lines.discount_amount,
        lines.line_amount,
        lines.tax_amount,
        lines.account_code,
        lines.tax_type
    from lines
    inner join prepared
        on
            lines.tenant_id = prepared.tenant_id
            and lines.document_id = prepared.target_id
    {% for slot in [2, 3] -%}
    left join slots as slots_{{ slot }}
        on
            lines.tenant_id = slots_{{ slot }}.tenant_id
            and slots_{{ slot }}.analysis_slot = {{ slot }}
    {% endfor %}
)

select * from final
