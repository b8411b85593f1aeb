with contact_tracking as (

    select * from {{ ref('int_contact_tracking_resolved') }}

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

categories as (

    select * from {{ ref('stg_xero__tracking_categories') }}

),

tracking_options as (

    select * from {{ ref('stg_xero__tracking_options') }}

),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

final as (

    select
        contact_tracking.tenant_id,
        contact_tracking.contact_id,
        contact_tracking.side,
        contact_tracking.tracking_category_id,
        cast(slots.analysis_slot as bigint) as analysis_slot,
        contacts.contact_name,
        contacts.account_number,
        contacts.contact_status,
        categories.tracking_category_name,
        contact_tracking.tracking_option_id,
        coalesce(tracking_options.tracking_option_name, contact_tracking.stated_option_name) as tracking_option_name,
        case
            when tracking_options.is_deleted then 'DELETED'
            else tracking_options.option_status
        end as option_status
    from contact_tracking
    inner join contacts
        on
            contact_tracking.tenant_id = contacts.tenant_id
            and contact_tracking.contact_id = contacts.contact_id
    inner join categories
        on
            contact_tracking.tenant_id = categories.tenant_id
            and contact_tracking.tracking_category_id = categories.tracking_category_id
    left join tracking_options
        on
            contact_tracking.tenant_id = tracking_options.tenant_id
            and contact_tracking.tracking_option_id = tracking_options.tracking_option_id
    left join slots
        on
            contact_tracking.tenant_id = slots.tenant_id
            and contact_tracking.tracking_category_id = slots.tracking_category_id
    where contact_tracking.is_latest

)

select * from final
