-- An existing contact's tracking and default accounts are never sent: they are its bookkeeper's.
select
    tenant_id,
    record_key,
    payload
from {{ ref('push_xero__contacts') }}
where
    operation_hint <> 'create'
    and (
        payload like '%Tracking%'
        or payload like '%DefaultAccount%'
        or payload like '%TaxType%'
        or payload like '%PaymentTerms%'
        or payload like '%BrandingTheme%'
    )
