with items as (

    select * from {{ ref('int_items_analysed') }}

),

final as (

    select
        tenant_id,
        item_id,
        item_code,
        item_name,
        sales_analysis,
        sales_analysis_name,
        sales_analysis_status,
        purchase_analysis,
        purchase_analysis_name,
        purchase_analysis_status,
        purchase_analysis_source,
        is_sold,
        is_purchased,
        is_tracked_as_inventory,
        is_deleted,
        record_updated_at
    from items

)

select * from final
