{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'journal_id'],
        on_schema_change='fail',
    )
}}

with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'journals')), xero_journal_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as journal_id,
        fields.JournalNumber as journal_number,
        fields.JournalDate as journal_date,
        fields.Reference as reference,
        nullif(fields.SourceID, '') as source_id,
        nullif(fields.SourceType, '') as source_type_code,
        fields.JournalLines as line_items,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
