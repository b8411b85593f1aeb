{{ config(materialized='table') }}

with contact_versions as (

    select * from {{ ref('stg_xero__contact_versions') }}

),

contact_tracking as (

    select * from {{ ref('int_contact_tracking_resolved') }}

),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

-- Only what is decisive: which version of the contact, which side, which slot, which option.
slotted as (

    select
        {% for side in ['sales', 'purchases'] %}
        {% for slot in [2, 3] %}
        max(
            case
                when contact_tracking.side = '{{ side }}' and slots.analysis_slot = {{ slot }}
                    then contact_tracking.tracking_option_id
            end
        ) as {{ side }}_option_id_{{ slot }},
        {% endfor %}
        {% endfor %}
        contact_tracking.tenant_id,
        contact_tracking.contact_id,
        contact_tracking.version_number
    from contact_tracking
    inner join slots
        on
            contact_tracking.tenant_id = slots.tenant_id
            and contact_tracking.tracking_category_id = slots.tracking_category_id
    group by contact_tracking.tenant_id, contact_tracking.contact_id, contact_tracking.version_number

),

-- A version counts for documents dated after the day on which it was first read, so that no document of
-- an earlier day, nor one already labelled that day, ever moves. The first version counts from ever.
dated as (

    select
        tenant_id,
        contact_id,
        version_number,
        case
            when version_number = min(version_number) over (partition by tenant_id, contact_id)
                then cast('0001-01-01' as date)
            else cast(valid_from as date)
        end as in_force_after,
        coalesce(
            cast(lead(valid_from) over (partition by tenant_id, contact_id order by version_number) as date),
            cast('9999-12-31' as date)
        ) as in_force_to,
        version_number = max(version_number) over (partition by tenant_id, contact_id) as is_latest
    from contact_versions

),

final as (

    select
        dated.tenant_id,
        dated.contact_id,
        dated.version_number,
        dated.in_force_after,
        dated.in_force_to,
        dated.is_latest,
        slotted.sales_option_id_2,
        slotted.sales_option_id_3,
        slotted.purchases_option_id_2,
        slotted.purchases_option_id_3
    from dated
    left join slotted
        on
            dated.tenant_id = slotted.tenant_id
            and dated.contact_id = slotted.contact_id
            and dated.version_number = slotted.version_number

)

select * from final
