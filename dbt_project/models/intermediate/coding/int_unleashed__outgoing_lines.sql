{{ config(materialized='table') }}

with lines as (
    select * from {{ ref('int_unleashed__lines_unified') }}
),

final as (
    select
        tenant_id,
        'unleashed' as source_system,
        'invoice' as document_type,
        document_id,
        line_id,
        line_number,
        line_kind,
        product_id as source_item_id,
        item_code,
        description,
        quantity,
        unit_amount,
        discount_rate,
        cast(null as decimal(18, 4)) as discount_amount,
        line_amount as source_line_amount,
        tax_amount as source_tax_amount,
        stock_tracking_type,
        false as is_attributed_to_stock_order,
        false as goes_back_to_supplier,
        cast(null as {{ dbt.type_string() }}) as purchase_line_role,
        cast(null as {{ dbt.type_string() }}) as credited_document_id,
        cast(null as {{ dbt.type_string() }}) as credited_line_id
    from lines
)

select * from final
