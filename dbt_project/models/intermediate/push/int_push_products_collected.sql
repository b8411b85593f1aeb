{{ config(materialized='table') }}

{#-
    Products of all systems by their code, of several with one code the first system's. Prices and codes
    are what the system says; blank is null. Tax as Xero's TaxType. item_name is only what the system
    calls a name: Prospect has a description alone.
-#}
with mappings as (

    select
        organisations.tenant_id,
        mappings.source_system,
        mappings.side,
        mappings.source_tax_code,
        mappings.xero_tax_type,
        row_number() over (
            partition by
                organisations.tenant_id, mappings.source_system, mappings.side, mappings.source_tax_code
            order by case when mappings.tenant_id = '*' then 1 else 0 end
        ) as choice
    from {{ ref('int_organisation_limits_read') }} as organisations
    inner join {{ ref('stg_settings__tax_mappings') }} as mappings
        on mappings.tenant_id in (organisations.tenant_id, '*')
    where not mappings.is_deleted

),

{%- set text = dbt.type_string() %}

collected as (

    select
        tenant_id,
        'prospect' as source_system,
        1 as system_rank,
        product_key as source_record_id,
        {{ tidy_text('item_code') }} as item_code,
        cast(null as {{ text }}) as item_name,
        {{ tidy_text('description') }} as description,
        sales_analysis as sales_account_code,
        purchase_analysis as purchase_account_code,
        tax_code as sales_tax_code,
        tax_code as purchase_tax_code,
        cast(null as {{ text }}) as sales_tax_type,
        cast(null as {{ text }}) as purchase_tax_type,
        coalesce(decimal_selling_price, {{ scaled_number('selling_price', 'sell_decimals') }}) as sales_price,
        coalesce(decimal_cost_price, {{ scaled_number('cost_price', 'cost_decimals') }}) as purchase_price
    from {{ ref('stg_prospect__product_items') }}
    -- Prospect's deletion flag and its "obsolete" are one here.
    where not is_deleted
    union all
    select
        tenant_id,
        'unleashed' as source_system,
        2 as system_rank,
        product_id as source_record_id,
        {{ tidy_text('item_code') }} as item_code,
        cast(null as {{ text }}) as item_name,
        {{ tidy_text('product_description') }} as description,
        sales_account_code,
        purchase_account_code,
        cast(null as {{ text }}) as sales_tax_code,
        cast(null as {{ text }}) as purchase_tax_code,
        sales_tax_type,
        purchase_tax_type,
        default_sell_price as sales_price,
        cast(null as decimal(18, 4)) as purchase_price
    from {{ ref('stg_unleashed__products') }}
    where not is_deleted and not coalesce(is_obsolete, false)
    union all
    select
        tenant_id,
        'workguru' as source_system,
        3 as system_rank,
        product_id as source_record_id,
        {{ tidy_text('item_code') }} as item_code,
        {{ tidy_text('product_name') }} as item_name,
        cast(null as {{ text }}) as description,
        sales_account_code,
        expense_account_code as purchase_account_code,
        sell_tax_code as sales_tax_code,
        purchase_tax_code,
        cast(null as {{ text }}) as sales_tax_type,
        cast(null as {{ text }}) as purchase_tax_type,
        sell_price as sales_price,
        buy_price as purchase_price
    from {{ ref('stg_workguru__products') }}
    where not is_deleted and coalesce(is_active, true)

),

ranked as (

    select
        *,
        row_number() over (
            partition by tenant_id, item_code
            order by system_rank, source_record_id
        ) as claim
    from collected
    where item_code is not null

),

final as (

    select
        ranked.tenant_id,
        ranked.item_code,
        ranked.source_system,
        ranked.source_record_id,
        ranked.item_name,
        ranked.description,
        {{ tidy_text('ranked.sales_account_code') }} as sales_account_code,
        {{ tidy_text('ranked.purchase_account_code') }} as purchase_account_code,
        {%- for side, column in {'sales': 'sales', 'purchases': 'purchase'}.items() %}
        case
            when organisations.is_tax_registered
                then coalesce(ranked.{{ column }}_tax_type, {{ side }}_mappings.xero_tax_type)
        end as {{ column }}_tax_type,
        {%- endfor %}
        cast(nullif(ranked.sales_price, 0) as decimal(18, 4)) as sales_price,
        cast(nullif(ranked.purchase_price, 0) as decimal(18, 4)) as purchase_price
    from ranked
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on ranked.tenant_id = organisations.tenant_id
    {%- for side, column in {'sales': 'sales', 'purchases': 'purchase'}.items() %}
    left join mappings as {{ side }}_mappings
        on
            ranked.tenant_id = {{ side }}_mappings.tenant_id
            and ranked.source_system = {{ side }}_mappings.source_system
            and ranked.{{ column }}_tax_code = {{ side }}_mappings.source_tax_code
            and {{ side }}_mappings.side = '{{ side }}'
            and {{ side }}_mappings.choice = 1
    {%- endfor %}
    where ranked.claim = 1

)

select * from final
