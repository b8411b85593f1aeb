{#-
    Everything that the settings files may name: ids, codes and names, former ones with the time until
    which they were borne. An option is here under its category's id and under its category's names.
-#}
{%- set text = dbt.type_string() -%}
{%- set simple = [
    ('stg_xero__account_versions', 'account_code', 'account_code', 'account_name', 'valid_to'),
    ('stg_xero__account_versions', 'account_id', 'account_id', 'account_name', 'valid_to'),
    ('stg_xero__tax_rates', 'tax_type', 'tax_type', 'tax_rate_name', none),
    ('stg_xero__tracking_category_versions', 'category_id', 'tracking_category_id', 'tracking_category_name', 'valid_to'),
    ('stg_xero__tracking_category_versions', 'category_name', 'tracking_category_name', none, 'valid_to'),
    ('stg_xero__contact_versions', 'contact_id', 'contact_id', 'contact_name', 'valid_to'),
    ('stg_xero__contact_versions', 'contact_name', 'contact_name', none, 'valid_to'),
] -%}
{%- set option_names = [
    ('option_id', 'tracking_option_id', 'tracking_option_name'),
    ('option_name', 'tracking_option_name', none),
] -%}

with categories as (

    select distinct
        tenant_id,
        tracking_category_id,
        tracking_category_name
    from {{ ref('stg_xero__tracking_category_versions') }}

),

options as (

    select
        options.tenant_id,
        options.tracking_option_id,
        options.tracking_option_name,
        options.tracking_category_id,
        categories.tracking_category_name,
        options.valid_to
    from {{ ref('stg_xero__tracking_option_versions') }} as options
    inner join categories
        on
            options.tenant_id = categories.tenant_id
            and options.tracking_category_id = categories.tracking_category_id

),

collected as (

    select
        tenant_id,
        'organisation' as kind,
        tenant_id as value,
        organisation_name as label,
        cast(null as {{ text }}) as within,
        cast(null as timestamp) as valid_to
    from {{ ref('stg_xero__organisations') }}
    {% for model, kind, value, label, valid_to in simple %}
    union all
    select
        tenant_id,
        '{{ kind }}' as kind,
        {{ value }} as value,
        {{ label if label else 'cast(null as ' ~ text ~ ')' }} as label,
        cast(null as {{ text }}) as within,
        {{ valid_to if valid_to else 'cast(null as timestamp)' }} as valid_to
    from {{ ref(model) }}
    where not is_deleted
    {% endfor -%}
    {% for kind, value, label in option_names -%}
    {% for within in ['tracking_category_id', 'tracking_category_name'] %}
    union all
    select
        tenant_id,
        '{{ kind }}' as kind,
        {{ value }} as value,
        {{ label if label else 'cast(null as ' ~ text ~ ')' }} as label,
        lower(trim({{ within }})) as within,
        valid_to
    from options
    {% endfor -%}
    {% endfor %}
),

final as (

    select distinct
        tenant_id,
        kind,
        value,
        lower(trim(value)) as value_key,
        label,
        within,
        valid_to
    from collected
    where value is not null

)

select * from final
