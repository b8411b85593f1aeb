{{ config(materialized='table') }}

{#- The lines of our documents as Xero holds them, tracking by the slots of Analysis 2 and 3. -#}
{%- set models = {
    'stg_xero__invoices': "entity in ('invoices', 'bills')",
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

{%- set columns = [
    'tenant_id', 'document_id', 'line_id', 'line_number', 'item_code', 'description', 'quantity', 'unit_amount',
    'discount_rate', 'discount_amount', 'line_amount', 'tax_amount', 'account_code', 'tax_type',
    'tracking_category_id_1', 'tracking_option_id_1', 'tracking_category_id_2', 'tracking_option_id_2',
] %}

lines as (

    {% for model in models -%}
    select
        {{ columns | join(', ') }},
        false as is_in_journal
    from ({{ xero_document_lines('ours_' ~ loop.index) }}) as lines_{{ loop.index }}
    union all
    {% endfor -%}
    select
        {%- for column in columns %}
        {{
            column if column not in ['item_code', 'quantity', 'unit_amount', 'discount_rate', 'discount_amount']
            else 'cast(null as ' ~ (dbt.type_string() if column == 'item_code' else 'decimal(18, 4)') ~ ') as ' ~ column
        }},
        {%- endfor %}
        true as is_in_journal
    from {{ ref('stg_xero__manual_journal_lines') }}

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
        lines.is_in_journal,
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
