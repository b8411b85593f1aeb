{#
    The lines of a staged document model: one row per document and line. A line without an id of its
    own (a report or an old document) is named by its place.
#}
{% macro xero_document_lines(documents) -%}
with exploded as (
    select
        *,
        {{ list_element('line.Tracking', 1) }} as tracking_1,
        {{ list_element('line.Tracking', 2) }} as tracking_2
    from {{ explode_with_position(documents, 'line_items', 'line', 'line_number') }} as lines
),

renamed as (
    select
        tenant_id,
        document_id,
        coalesce(line.LineItemID, document_id || '-' || {{ number_in_text('line_number') }}) as line_id,
        line_number,
        nullif(line.ItemCode, '') as item_code,
        line.Item.ItemID as item_id,
        line.Description as description,
        line.Quantity as quantity,
        line.UnitAmount as unit_amount,
        line.DiscountRate as discount_rate,
        line.DiscountAmount as discount_amount,
        line.LineAmount as line_amount,
        line.TaxAmount as tax_amount,
        line.TaxType as tax_type,
        nullif(line.AccountCode, '') as account_code,
        line.AccountID as account_id,
        coalesce({{ list_length('line.Tracking') }}, 0) as tracking_count,
        tracking_1.TrackingCategoryID as tracking_category_id_1,
        tracking_1.TrackingOptionID as tracking_option_id_1,
        tracking_1.Name as tracking_category_name_1,
        tracking_1.Option as tracking_option_name_1,
        tracking_2.TrackingCategoryID as tracking_category_id_2,
        tracking_2.TrackingOptionID as tracking_option_id_2,
        tracking_2.Name as tracking_category_name_2,
        tracking_2.Option as tracking_option_name_2,
        is_deleted,
        record_updated_at,
        extracted_at
    from exploded
)

select * from renamed
{%- endmacro %}
