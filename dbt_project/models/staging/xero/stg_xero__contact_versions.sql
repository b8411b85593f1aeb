{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'contact_id', 'version_number'],
        on_schema_change='fail',
    )
}}

with records as (
    {{
        typed_records(
            all_versions(source('raw_xero', 'contacts')),
            xero_contact_shape(),
            also=['valid_from', 'valid_to', 'version_number'],
        )
    }}
),

renamed as (
    select
        tenant_id,
        record_id as contact_id,
        fields.Name as contact_name,
        fields.ContactNumber as contact_number,
        fields.AccountNumber as account_number,
        fields.ContactStatus as contact_status,
        fields.EmailAddress as email_address,
        fields.MergedToContactID as merged_to_contact_id,
        fields.IsCustomer as is_customer,
        fields.IsSupplier as is_supplier,
        nullif(fields.SalesDefaultAccountCode, '') as sales_account_code,
        nullif(fields.PurchasesDefaultAccountCode, '') as purchases_account_code,
        fields.AccountsReceivableTaxType as accounts_receivable_tax_type,
        fields.AccountsPayableTaxType as accounts_payable_tax_type,
        fields.DefaultCurrency as default_currency,
        fields.SalesTrackingCategories as sales_tracking,
        fields.PurchasesTrackingCategories as purchases_tracking,
        valid_from,
        valid_to,
        version_number,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
