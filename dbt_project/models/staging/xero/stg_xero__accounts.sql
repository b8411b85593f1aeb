select
    tenant_id,
    account_id,
    account_code,
    account_name,
    account_type,
    account_class,
    account_status,
    tax_type,
    enable_payments_to_account,
    system_account,
    currency_code,
    reporting_code,
    account_description,
    typing_failures,
    is_deleted,
    record_updated_at,
    extracted_at
from {{ ref('stg_xero__account_versions') }}
where valid_to is null
