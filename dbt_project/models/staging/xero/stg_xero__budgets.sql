with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'budgets')), xero_budget_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as budget_id,
        fields.Type as budget_type,
        fields.Description as budget_name,
        fields.BudgetLines as budget_lines,
        fields.Tracking as tracking,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
