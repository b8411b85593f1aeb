with contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

contact_tracking as (

    select * from {{ ref('contact_tracking') }}

),

templates as (

    select * from {{ ref('int_template_contacts_bound') }}

),

-- A contact has at most one option per side and slot, so max() picks it.
options_by_slot as (

    select
        {% for side in ['sales', 'purchases'] %}
        {% for slot in [2, 3] %}
        max(
            case when side = '{{ side }}' and analysis_slot = {{ slot }} then tracking_option_name end
        ) as {{ side }}_analysis_{{ slot }},
        {% endfor %}
        {% endfor %}
        tenant_id,
        contact_id
    from contact_tracking
    group by tenant_id, contact_id

),

final as (

    select
        contacts.tenant_id,
        contacts.contact_id,
        contacts.contact_name,
        contacts.account_number,
        contacts.contact_status,
        contacts.merged_to_contact_id,
        templates.contact_id is not null as is_template,
        contacts.sales_account_code,
        contacts.purchases_account_code,
        options_by_slot.sales_analysis_2,
        options_by_slot.sales_analysis_3,
        options_by_slot.purchases_analysis_2,
        options_by_slot.purchases_analysis_3,
        contacts.is_customer,
        contacts.is_supplier,
        contacts.is_deleted
    from contacts
    left join options_by_slot
        on
            contacts.tenant_id = options_by_slot.tenant_id
            and contacts.contact_id = options_by_slot.contact_id
    left join templates
        on
            contacts.tenant_id = templates.tenant_id
            and contacts.contact_id = templates.contact_id

)

select * from final
