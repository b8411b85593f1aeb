{{ config(materialized='view') }}

select
    tenant_id,
    contact_id,
    contact_name,
    contact_number,
    account_number,
    contact_status,
    email_address,
    merged_to_contact_id,
    is_customer,
    is_supplier,
    sales_account_code,
    purchases_account_code,
    accounts_receivable_tax_type,
    accounts_payable_tax_type,
    default_currency,
    typing_failures,
    is_deleted,
    record_updated_at,
    extracted_at
from {{ ref('stg_xero__contact_versions') }}
where valid_to is null
