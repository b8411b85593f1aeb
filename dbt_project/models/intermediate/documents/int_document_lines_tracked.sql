{{ config(materialized='table') }}

with lines as (

    select * from {{ ref('int_document_lines_coded') }}

),

tracking_options as (

    select * from {{ ref('stg_xero__tracking_options') }}

),

contact_defaults as (

    select * from {{ ref('int_contact_defaults_dated') }}

),

slots as (

    {{ slot_categories() }}

),

-- What the line itself says, and the contact's default of the document's own side, as it was on the document's date.
stated as (

    select
        {% for slot in [2, 3] %}
        {{ in_slot(slot, 'option_id') }} as line_option_id_{{ slot }},
        {{ in_slot(slot, 'option_name') }} as line_option_name_{{ slot }},
        case lines.side
            when 'sales' then contact_defaults.sales_option_id_{{ slot }}
            when 'purchases' then contact_defaults.purchases_option_id_{{ slot }}
        end as contact_option_id_{{ slot }},
        {% endfor %}
        lines.*
    from lines
    left join slots
        on lines.tenant_id = slots.tenant_id
    left join contact_defaults
        on
            lines.tenant_id = contact_defaults.tenant_id
            and lines.contact_id = contact_defaults.contact_id
            and lines.document_date > contact_defaults.in_force_after
            and lines.document_date <= contact_defaults.in_force_to

),

final as (

    select
        stated.tenant_id,
        stated.document_id,
        stated.line_id,
        stated.line_number,
        stated.document_type,
        stated.side,
        stated.is_posted,
        stated.is_draft,
        stated.document_date,
        stated.contact_id,
        stated.base_currency,
        stated.item_id,
        stated.item_code,
        stated.account_id,
        stated.stated_account_code,
        stated.tax_type,
        stated.description,
        stated.quantity,
        stated.quantity_signed,
        stated.unit_amount,
        stated.discount_rate,
        stated.discount_amount,
        stated.net_amount,
        stated.tax_amount,
        stated.gross_amount,
        stated.net_amount_base,
        stated.tax_amount_base,
        stated.item_sales_analysis,
        stated.is_item_default_account,
        stated.tracking_category_id_1,
        stated.tracking_category_id_2,
        {% for slot in [2, 3] %}
        coalesce(line_option_id_{{ slot }}, contact_option_id_{{ slot }}) as analysis_{{ slot }}_option_id,
        case
            when line_option_id_{{ slot }} is not null then 'line'
            when contact_option_id_{{ slot }} is not null then 'contact'
        end as analysis_{{ slot }}_source,
        {% endfor %}
        -- The current name, also when the option is archived or was renamed since.
        coalesce(options_2.tracking_option_name, stated.line_option_name_2) as analysis_2,
        coalesce(options_3.tracking_option_name, stated.line_option_name_3) as analysis_3
    from stated
    {% for slot in [2, 3] %}
    left join tracking_options as options_{{ slot }}
        on
            stated.tenant_id = options_{{ slot }}.tenant_id
            and coalesce(line_option_id_{{ slot }}, contact_option_id_{{ slot }})
            = options_{{ slot }}.tracking_option_id
    {% endfor %}

)

select * from final
