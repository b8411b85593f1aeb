{#-
    On which type of document each category is asked for. Where tracking_mandatory.csv is silent, every
    category in use is, unless nothing of it is offered.
-#}
{%- set document_types = ['invoice', 'credit_note', 'purchase', 'adjustment', 'stock_take', 'cogs'] -%}
with categories as (

    select
        tenant_id,
        tracking_category_id,
        max(tracking_category_name) as tracking_category_name
    from {{ ref('int_tracking_options_offered') }}
    where is_offered
    group by tenant_id, tracking_category_id

),

document_types as (

    {% for document_type in document_types -%}
    select '{{ document_type }}' as document_type
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

settings as (

    select * from {{ ref('int_tracking_settings_bound') }}
    where setting = 'mandatory'

),

final as (

    select
        categories.tenant_id,
        document_types.document_type,
        categories.tracking_category_id,
        categories.tracking_category_name,
        coalesce(settings.is_set, true) as is_mandatory
    from categories
    cross join document_types
    left join settings
        on
            categories.tenant_id = settings.tenant_id
            and document_types.document_type = settings.document_type
            and categories.tracking_category_id = settings.tracking_category_id

)

select * from final
