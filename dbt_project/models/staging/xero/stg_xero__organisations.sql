with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'organisation')), xero_organisation_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as organisation_id,
        fields.Name as organisation_name,
        fields.LegalName as legal_name,
        fields.BaseCurrency as base_currency,
        fields.ShortCode as short_code,
        fields.CountryCode as country_code,
        fields.Timezone as timezone,
        fields.FinancialYearEndDay as financial_year_end_day,
        fields.FinancialYearEndMonth as financial_year_end_month,
        fields.PeriodLockDate as period_lock_date,
        fields.EndOfYearLockDate as end_of_year_lock_date,
        fields.SalesTaxBasis as sales_tax_basis,
        fields.PaysTax as pays_tax,
        fields.Class as organisation_class,
        fields.Edition as edition,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
