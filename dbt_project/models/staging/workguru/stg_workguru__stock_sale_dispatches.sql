{{ config(materialized='view') }}

{%- set fields = workguru_fields()['stock_sales']['dispatches'][1][0] %}

with exploded as (
    select *
    from {{ explode_with_position(ref('stg_workguru__stock_sales'), 'dispatches', 'dispatch', 'place') }} as sales
),

renamed as (
    select
        tenant_id,
        stock_sale_id,
        {%- for name in fields %}
        {{ struct_field('dispatch', name) }} as {{ name }},
        {%- endfor %}
        place,
        source_status,
        project_id,
        reporting_categories as sale_reporting_categories,
        is_deleted,
        record_updated_at,
        extracted_at
    from exploded
)

select * from renamed
