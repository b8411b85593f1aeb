with categories as (

    select * from {{ ref('stg_xero__tracking_categories') }}
    where not is_deleted

),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

lines as (

    select * from {{ ref('int_document_lines_tracked') }}
    where is_posted and side = 'sales'

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}
    where not is_deleted

),

contact_tracking as (

    select * from {{ ref('int_contact_tracking_resolved') }}
    where is_latest and tracking_option_id is null

),

-- What analysts do not see because the category has no slot.
unseen as (

    select
        tenant_id,
        tracking_category_id,
        cast(sum(net_amount_base) as decimal(18, 4)) as amount_base
    from (
        {% for element in [1, 2] %}
        select
            tenant_id,
            tracking_category_id_{{ element }} as tracking_category_id,
            net_amount_base
        from lines
        where tracking_category_id_{{ element }} is not null
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as elements
    group by tenant_id, tracking_category_id

),

categories_without_slot as (

    select
        categories.tenant_id,
        'tracking_category_without_slot' as rule,
        'warning' as severity,
        'tracking_category' as record_type,
        categories.tracking_category_id as record_id,
        categories.tracking_category_name as record_label,
        'Tracking category ' || categories.tracking_category_name || ' ('
        || lower(coalesce(categories.category_status, 'unknown status'))
        || ') is neither Analysis 2 nor Analysis 3, so that its options are in no analysis.'
        || ' Give it a slot in analysis_slots.csv if it should be.' as message,
        unseen.amount_base,
        categories.extracted_at as first_seen_at
    from categories
    left join slots
        on
            categories.tenant_id = slots.tenant_id
            and categories.tracking_category_id = slots.tracking_category_id
    left join unseen
        on
            categories.tenant_id = unseen.tenant_id
            and categories.tracking_category_id = unseen.tracking_category_id
    where
        slots.tracking_category_id is null
        and (categories.category_status = 'ACTIVE' or unseen.amount_base is not null)

),

defaults_not_resolved as (

    select
        contact_tracking.tenant_id,
        'contact_default_not_resolved' as rule,
        'warning' as severity,
        'contact' as record_type,
        contact_tracking.contact_id as record_id,
        max(contacts.contact_name) as record_label,
        'Contact ' || max(contacts.contact_name) || ' has the default tracking '
        || min(
            coalesce(contact_tracking.stated_category_name, 'no category') || ' = '
            || coalesce(contact_tracking.stated_option_name, 'no option')
            || ' (' || contact_tracking.side || ')'
        )
        || case
            when count(*) > 1
                then ' and ' || cast(count(*) - 1 as {{ dbt.type_string() }}) || ' more'
            else ''
        end
        || ', which no tracking category of Xero has. Choose the default again on the contact.' as message,
        cast(null as decimal(18, 4)) as amount_base,
        max(contacts.extracted_at) as first_seen_at
    from contact_tracking
    inner join contacts
        on
            contact_tracking.tenant_id = contacts.tenant_id
            and contact_tracking.contact_id = contacts.contact_id
    group by contact_tracking.tenant_id, contact_tracking.contact_id

),

final as (

    select * from categories_without_slot
    union all
    select * from defaults_not_resolved

)

select * from final
