{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'document_id'],
        on_schema_change='fail',
    )
}}

with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'manual_journals')), xero_manual_journal_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as document_id,
        fields.Narration as narration,
        fields.Status as document_status,
        fields.Date as document_date,
        fields.LineAmountTypes as line_amount_types,
        fields.Url as url,
        fields.JournalLines as line_items,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
