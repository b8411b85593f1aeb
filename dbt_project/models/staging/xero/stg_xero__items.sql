{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'item_id'],
        on_schema_change='fail',
    )
}}

with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'items')), xero_item_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as item_id,
        fields.Code as item_code,
        fields.Name as item_name,
        fields.Description as item_description,
        fields.IsSold as is_sold,
        fields.IsPurchased as is_purchased,
        fields.SalesDetails.UnitPrice as sales_unit_price,
        nullif(fields.SalesDetails.AccountCode, '') as sales_account_code,
        fields.SalesDetails.TaxType as sales_tax_type,
        fields.PurchaseDetails.UnitPrice as purchase_unit_price,
        nullif(fields.PurchaseDetails.AccountCode, '') as purchase_account_code,
        nullif(fields.PurchaseDetails.COGSAccountCode, '') as cogs_account_code,
        fields.PurchaseDetails.TaxType as purchase_tax_type,
        nullif(fields.InventoryAssetAccountCode, '') as inventory_asset_account_code,
        fields.IsTrackedAsInventory as is_tracked_as_inventory,
        fields.QuantityOnHand as quantity_on_hand,
        fields.TotalCostPool as total_cost_pool,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
