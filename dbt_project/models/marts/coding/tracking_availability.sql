{%- set document_types = ['invoice', 'credit_note', 'purchase', 'adjustment', 'stock_take', 'cogs'] -%}
{%- set asked_on = [] -%}
{%- for document_type in document_types -%}
    {%- do asked_on.append(
        "max(case when document_type = '" ~ document_type ~ "' and is_mandatory then ', " ~ document_type
        ~ "' else '' end)"
    ) -%}
{%- endfor %}

with options as (

    select * from {{ ref('int_tracking_options_offered') }}

),

requirements as (

    select
        tenant_id,
        tracking_category_id,
        {{ asked_on | join('\n        || ') }} as mandatory_on
    from {{ ref('int_tracking_requirements_set') }}
    group by tenant_id, tracking_category_id

),

used as (

    {% for element in [1, 2] -%}
    select
        lines.tenant_id,
        lines.tracking_option_id_{{ element }} as tracking_option_id
    from {{ ref('int_document_lines_signed') }} as lines
    inner join {{ ref('int_documents_unified') }} as documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_id = documents.document_id
    where documents.is_posted and lines.tracking_option_id_{{ element }} is not null
    {{ 'union distinct' if not loop.last }}
    {% endfor %}
),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

final as (

    select
        options.tenant_id,
        options.tracking_category_id,
        options.tracking_option_id,
        options.tracking_category_name,
        options.tracking_option_name,
        cast(slots.analysis_slot as bigint) as analysis_slot,
        options.is_offered,
        nullif(substring(coalesce(requirements.mandatory_on, ''), 3), '') as is_mandatory_on,
        case
            when not options.is_category_active
                then {{ coding_message('TRK_CAT_ARCHIVED', {'category': 'options.tracking_category_name'}) }}
            when not options.is_option_active
                then {{
                    coding_message(
                        'TRK_OPT_ARCHIVED',
                        {'option': 'options.tracking_option_name', 'category': 'options.tracking_category_name'},
                    )
                }}
            when not options.is_relevant
                then options.tracking_option_name || ' is hidden by the settings; lines that have it are sent with it.'
        end as reason,
        used.tracking_option_id is not null as is_used,
        case
            when used.tracking_option_id is not null and options.is_option_active
                then {{ coding_message('TRK_OPT_DELETE', {'option': 'options.tracking_option_name'}) }}
        end as deletion_note
    from options
    left join requirements
        on
            options.tenant_id = requirements.tenant_id
            and options.tracking_category_id = requirements.tracking_category_id
    left join used
        on
            options.tenant_id = used.tenant_id
            and options.tracking_option_id = used.tracking_option_id
    left join slots
        on
            options.tenant_id = slots.tenant_id
            and options.tracking_category_id = slots.tracking_category_id

)

select * from final
