{{ config(materialized='view') }}

with exploded as (
    select *
    from
        {{ explode_with_position(ref('stg_xero__journals'), 'line_items', 'line', 'line_number') }}
            as elements
),

renamed as (
    select
        tenant_id,
        journal_id,
        line_number,
        coalesce(line.JournalLineID, journal_id || '-' || {{ number_in_text('line_number') }}) as line_id,
        journal_date,
        source_id,
        source_type_code,
        reference,
        line.AccountID as account_id,
        line.Description as description,
        line.NetAmount as net_amount,
        line.TaxAmount as tax_amount,
        line.TaxType as tax_type,
        {{ list_element('line.TrackingCategories', 1) }}.TrackingCategoryID as tracking_category_id_1,
        {{ list_element('line.TrackingCategories', 1) }}.TrackingOptionID as tracking_option_id_1,
        {{ list_element('line.TrackingCategories', 2) }}.TrackingCategoryID as tracking_category_id_2,
        {{ list_element('line.TrackingCategories', 2) }}.TrackingOptionID as tracking_option_id_2,
        is_deleted,
        record_updated_at,
        extracted_at
    from exploded
)

select * from renamed
