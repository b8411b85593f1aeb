with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'tax_rates')), xero_tax_rate_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as tax_type,
        fields.Name as tax_rate_name,
        fields.Status as tax_rate_status,
        fields.ReportTaxType as report_tax_type,
        fields.EffectiveRate as effective_rate,
        fields.CanApplyToAssets as can_apply_to_assets,
        fields.CanApplyToEquity as can_apply_to_equity,
        fields.CanApplyToExpenses as can_apply_to_expenses,
        fields.CanApplyToLiabilities as can_apply_to_liabilities,
        fields.CanApplyToRevenue as can_apply_to_revenue,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
