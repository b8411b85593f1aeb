with items as (

    select * from {{ ref('stg_xero__items') }}

),

account_codes as (

    select * from {{ ref('int_account_codes_resolved') }}

),

-- Xero lets a tracked item have no purchase account: what a sale of it costs goes to its cost-of-sales account.
analysed as (

    select
        tenant_id,
        item_id,
        item_code,
        item_name,
        sales_account_code as sales_analysis,
        case
            when is_tracked_as_inventory then coalesce(cogs_account_code, purchase_account_code)
            else purchase_account_code
        end as purchase_analysis,
        case
            when is_tracked_as_inventory and cogs_account_code is not null then 'cogs_account'
            when purchase_account_code is not null then 'purchase_account'
        end as purchase_analysis_source,
        is_sold,
        is_purchased,
        is_tracked_as_inventory,
        is_deleted,
        record_updated_at,
        extracted_at
    from items

),

final as (

    select
        analysed.tenant_id,
        analysed.item_id,
        analysed.item_code,
        analysed.item_name,
        analysed.sales_analysis,
        sales_codes.account_name as sales_analysis_name,
        case
            when analysed.sales_analysis is null then 'missing'
            else coalesce(sales_codes.code_status, 'unknown')
        end as sales_analysis_status,
        analysed.purchase_analysis,
        purchase_codes.account_name as purchase_analysis_name,
        case
            when analysed.purchase_analysis is null then 'missing'
            else coalesce(purchase_codes.code_status, 'unknown')
        end as purchase_analysis_status,
        analysed.purchase_analysis_source,
        analysed.is_sold,
        analysed.is_purchased,
        analysed.is_tracked_as_inventory,
        analysed.is_deleted,
        analysed.record_updated_at,
        analysed.extracted_at,
        sales_codes.extracted_at as sales_account_extracted_at,
        purchase_codes.extracted_at as purchase_account_extracted_at
    from analysed
    left join account_codes as sales_codes
        on
            analysed.tenant_id = sales_codes.tenant_id
            and analysed.sales_analysis = sales_codes.account_code
    left join account_codes as purchase_codes
        on
            analysed.tenant_id = purchase_codes.tenant_id
            and analysed.purchase_analysis = purchase_codes.account_code

)

select * from final
