with records as (
    {{ typed_records(latest_versions(source('raw_xero', 'linked_transactions')), xero_linked_transaction_shape()) }}
),

renamed as (
    select
        tenant_id,
        record_id as linked_transaction_id,
        fields.Status as linked_transaction_status,
        fields.Type as linked_transaction_type,
        fields.SourceTransactionID as source_document_id,
        fields.SourceLineItemID as source_line_id,
        fields.SourceTransactionTypeCode as source_type_code,
        fields.ContactID as contact_id,
        fields.TargetTransactionID as target_document_id,
        fields.TargetLineItemID as target_line_id,
        typing_failures,
        is_deleted,
        record_updated_at,
        extracted_at
    from records
)

select * from renamed
