with records as (
    {{
        typed_records(
            all_versions(source('raw_xero', 'accounts')),
            xero_account_shape(),
            also=['valid_from', 'valid_to', 'version_number'],
        )
    }}
),

renamed as (
    select
        tenant_id,
        record_id as account_id,
        fields.Code as account_code,
        fields.Name as account_name,
        fields.Type as account_type,
        fields.Class as account_class,
        fields.Status as account_status,
        fields.TaxType as tax_type,
        fields.EnablePaymentsToAccount as enable_payments_to_account,
        nullif(fields.SystemAccount, '') as system_account,
        fields.CurrencyCode as currency_code,
        fields.ReportingCode as reporting_code,
        fields.Description as account_description,
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
