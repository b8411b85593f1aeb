-- The source systems run their own stock: Xero would post the cost of a tracked item a second time.
select
    tenant_id,
    record_key,
    payload
from {{ ref('push_xero__items') }}
where
    payload like '%InventoryAssetAccountCode%'
    or (operation_hint = 'create' and payload like '%COGSAccountCode%')
    or (payload like '%COGSAccountCode%' and {{ json_text('payload', "'$.PurchaseDetails.AccountCode'") }} is not null)
