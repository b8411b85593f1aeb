{{ config(materialized='table') }}

{#- What a template contact passes on besides accounts and tracking. Only contacts that have any of it. -#}
with contacts as (
    {{ latest_versions(source('raw_xero', 'contacts')) }}
),

{% set paths = {
    'branding_theme_id': '$.BrandingTheme.BrandingThemeID',
    'sales_terms_day': '$.PaymentTerms.Sales.Day',
    'sales_terms_type': '$.PaymentTerms.Sales.Type',
    'bills_terms_day': '$.PaymentTerms.Bills.Day',
    'bills_terms_type': '$.PaymentTerms.Bills.Type',
} %}

final as (
    select
        tenant_id,
        {% for name, path in paths.items() -%}
        {%- set value = "nullif(" ~ json_text('payload', "'" ~ path ~ "'") ~ ", '')" -%}
        {{ cast_or_null(value, 'bigint') if name.endswith('_day') else value }} as {{ name }},
        {% endfor -%}
        record_id as contact_id
    from contacts
    where payload like '%"BrandingTheme"%' or payload like '%"PaymentTerms"%'
)

select * from final
