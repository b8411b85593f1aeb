{{ config(alias='prospect__product_items') }}

{#-
    Xero's items that Prospect lacks. Prospect lets a product's codes be written when it is created and
    never again: a product that lacks a code which Xero has is listed as unsupported, and crm.item_analysis
    has the code.
-#}
with connections as (

    select * from {{ ref('int_push_crm_connections_ruled') }}
    where role = 'primary'

),

items as (

    select
        items.*,
        case when analysis.sales_analysis_status = 'ok' then analysis.sales_analysis end as sales_analysis,
        case when analysis.purchase_analysis_status = 'ok' then analysis.purchase_analysis end as purchase_analysis
    from {{ ref('stg_xero__items') }} as items
    inner join {{ ref('item_analysis') }} as analysis
        on
            items.tenant_id = analysis.tenant_id
            and items.item_id = analysis.item_id
    where not items.is_deleted and items.item_code is not null

),

products as (

    select * from {{ ref('stg_prospect__product_items') }}

),

codes as (

    select * from {{ ref('int_push_target_codes_set') }}
    where target = 'prospect' and field = 'CategoryId'

),

mappings as (

    select
        organisations.tenant_id,
        mappings.xero_tax_type,
        min(mappings.source_tax_code) as tax_code
    from {{ ref('int_organisation_limits_read') }} as organisations
    inner join {{ ref('stg_settings__tax_mappings') }} as mappings
        on mappings.tenant_id in (organisations.tenant_id, '*')
    where not mappings.is_deleted and mappings.source_system = 'prospect' and mappings.side = 'sales'
    group by organisations.tenant_id, mappings.xero_tax_type

),

joined as (

    select
        items.tenant_id,
        connections.operating_company,
        items.item_id,
        items.item_code,
        coalesce(nullif(items.item_description, ''), items.item_name, items.item_code) as description,
        coalesce(own_codes.write_as, all_codes.write_as) as category_id,
        items.sales_unit_price,
        items.purchase_unit_price,
        items.sales_analysis,
        items.purchase_analysis,
        mappings.tax_code,
        products.product_key,
        {{ tidy_text('products.sales_analysis') }} as held_sales_analysis,
        {{ tidy_text('products.purchase_analysis') }} as held_purchase_analysis,
        versions.version_hash as held_version
    from items
    inner join connections
        on items.tenant_id = connections.tenant_id
    left join products
        on
            items.tenant_id = products.tenant_id
            and items.item_code = products.item_code
    left join mappings
        on
            items.tenant_id = mappings.tenant_id
            and items.sales_tax_type = mappings.xero_tax_type
    left join codes as own_codes
        on
            items.tenant_id = own_codes.tenant_id
            and items.item_code = own_codes.value
    left join codes as all_codes
        on
            items.tenant_id = all_codes.tenant_id
            and all_codes.value = '*'
    left join {{ ref('stg_push__held_versions') }} as versions
        on
            products.tenant_id = versions.tenant_id
            and products.product_key = versions.record_id
            and versions.record_type = 'prospect__product_items'
    -- A product that Prospect has deleted or put out of use stays as it is.
    where products.product_key is null or not products.is_deleted

),

-- Codes that Prospect lacks, and Xero has.
lacking as (

    select
        *,
        case when product_key is not null and held_sales_analysis is null then sales_analysis end as lacking_sales,
        case when product_key is not null and held_purchase_analysis is null then purchase_analysis end as lacking_purchase
    from joined

),

{#- Prospect keeps a price as a whole number and a count of decimals. -#}
{%- set created = {
    'OperatingCompanyCode': json_string('operating_company'),
    'ProductItemId': json_string('item_code'),
    'Description': json_string('description'),
    'CategoryId': json_string('category_id'),
    'SellingPrice': json_number('sales_unit_price * 10000', 0),
    'SellDecimals': "case when sales_unit_price is not null then '4' end",
    'CostPrice': json_number('purchase_unit_price * 10000', 0),
    'CostDecimals': "case when purchase_unit_price is not null then '4' end",
    'VatCode': json_string('tax_code'),
    'SalesAnalysis': json_string('sales_analysis'),
    'PurchaseAnalysis': json_string('purchase_analysis'),
    'AccountsId': json_string('item_id'),
} -%}
{%- set missed = {
    'SalesAnalysis': json_string('lacking_sales'),
    'PurchaseAnalysis': json_string('lacking_purchase'),
} -%}
{%- set findings = [
    push_finding('CRM_CATEGORY', 'block', 'product_key is null and category_id is null'),
] -%}
{%- for field, column in {'SalesAnalysis': 'lacking_sales', 'PurchaseAnalysis': 'lacking_purchase'}.items() -%}
    {%- do findings.append(push_finding('UNSUPPORTED', 'skip', column ~ ' is not null', {
        'target': "'Prospect'", 'field': "'" ~ field ~ "'", 'record': "'product ' || item_code", 'held': "'blank'",
        'wanted': column, 'table': "'crm.item_analysis'",
    })) -%}
{%- endfor %}

written as (

    select
        *,
        case
            when product_key is null then {{ json_object_of(created) }}
            else {{ json_object_of(missed) }}
        end as payload
    from lacking

),

records as (

    select
        tenant_id,
        item_code as record_key,
        case when product_key is null then 'create' else 'update' end as operation_hint,
        payload,
        'Product ' || item_code || ' in Prospect' as label,
        product_key as target_id,
        case when product_key is not null then '{}' end as held_payload,
        held_version,
        {{ json_list_of(findings) }} as findings,
        {{ json_object_of({'item_code': json_string('item_code')}) }} as facts,
        {{ json_nothing() }} as depends_on,
        'xero' as source_system,
        item_id as source_record_id,
        payload as content
    from written
    where product_key is null or payload <> '{}'

),

{{ push_records('prospect', 'product_items') }}
