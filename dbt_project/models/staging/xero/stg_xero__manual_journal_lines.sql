{{ config(materialized='view') }}

with exploded as (
    select *
    from
        {{ explode_with_position(ref('stg_xero__manual_journals'), 'line_items', 'line', 'line_number') }}
            as elements
),

renamed as (
    select
        tenant_id,
        document_id,
        document_id || '-' || {{ number_in_text('line_number') }} as line_id,
        line_number,
        line.Description as description,
        line.LineAmount as line_amount,
        coalesce(line.TaxAmount, 0) as tax_amount,
        line.TaxType as tax_type,
        nullif(line.AccountCode, '') as account_code,
        line.AccountID as account_id,
        coalesce({{ list_length('line.Tracking') }}, 0) as tracking_count,
        {{ list_element('line.Tracking', 1) }}.TrackingCategoryID as tracking_category_id_1,
        {{ list_element('line.Tracking', 1) }}.TrackingOptionID as tracking_option_id_1,
        {{ list_element('line.Tracking', 2) }}.TrackingCategoryID as tracking_category_id_2,
        {{ list_element('line.Tracking', 2) }}.TrackingOptionID as tracking_option_id_2,
        is_deleted,
        record_updated_at,
        extracted_at
    from exploded
)

select * from renamed
