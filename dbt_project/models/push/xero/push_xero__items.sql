{{ config(alias='xero__items') }}

{#-
    Products as items. What the source leaves blank keeps the value that Xero holds, and is sent with it,
    since details are replaced as a whole. Never made or turned into tracked inventory: the systems here
    run their own stock, and Xero would post its cost a second time. An item that Xero tracks already
    keeps its cost account and gets no purchase account.
-#}
with products as (

    select * from {{ ref('int_push_products_collected') }}

),

items as (

    select * from {{ ref('stg_xero__items') }}
    where not is_deleted

),

judged as (

    select * from {{ ref('int_push_item_accounts_judged') }}

),

rates as (

    select
        tenant_id,
        tax_type
    from {{ ref('stg_xero__tax_rates') }}
    where not is_deleted and tax_rate_status = 'ACTIVE'

),

joined as (

    select
        products.*,
        items.item_id,
        items.item_code as held_code,
        items.item_name as held_name,
        nullif(items.item_description, '') as held_description,
        coalesce(items.is_tracked_as_inventory, false) as is_tracked,
        -- Xero drops the details of a side that an item is said not to have.
        coalesce(items.is_sold, true) as has_sales,
        coalesce(items.is_purchased, true) as has_purchases,
        items.sales_unit_price as held_sales_price,
        items.sales_account_code as held_sales_account,
        nullif(items.sales_tax_type, '') as held_sales_tax,
        items.purchase_unit_price as held_purchase_price,
        items.purchase_account_code as held_purchase_account,
        nullif(items.purchase_tax_type, '') as held_purchase_tax,
        items.cogs_account_code as held_cogs_account,
        versions.version_hash as held_version,
        {% for side in ['sales', 'purchase'] -%}
        products.{{ side }}_account_code is not null and {{ side }}_accounts.account_code is null
            as is_{{ side }}_account_unknown,
        {{ side }}_accounts.{{ side }}_rule,
        {{ side }}_accounts.{{ side }}_message,
        {{ side }}_accounts.{{ side }}_remedy,
        products.{{ side }}_tax_type is not null and {{ side }}_rates.tax_type is null as is_{{ side }}_tax_unknown,
        {% endfor -%}
        coalesce(products.item_name, items.item_name, left(products.description, 50)) as sent_name
    from products
    left join items
        on
            products.tenant_id = items.tenant_id
            and products.item_code = items.item_code
    left join {{ ref('stg_push__held_versions') }} as versions
        on
            items.tenant_id = versions.tenant_id
            and items.item_id = versions.record_id
            and versions.record_type = 'xero__items'
    {%- for side in ['sales', 'purchase'] %}
    left join judged as {{ side }}_accounts
        on
            products.tenant_id = {{ side }}_accounts.tenant_id
            and products.{{ side }}_account_code = {{ side }}_accounts.account_code
    left join rates as {{ side }}_rates
        on
            products.tenant_id = {{ side }}_rates.tenant_id
            and products.{{ side }}_tax_type = {{ side }}_rates.tax_type
    {%- endfor %}

),

settled as (

    select
        *,
        case when {{ tidy_text('held_name') }} = left(sent_name, 50) then held_name else left(sent_name, 50) end as wanted_name,
        -- A description that repeats the name tells an item that has none nothing: other systems make it from the name.
        left(
            case
                when item_id is not null and description = sent_name then held_description
                else coalesce(description, held_description)
            end,
            4000
        ) as wanted_description,
        case when has_sales then coalesce(sales_price, held_sales_price) end as wanted_sales_price,
        case when has_sales then coalesce(sales_account_code, held_sales_account) end as wanted_sales_account,
        case
            when
                has_sales
                and coalesce(
                    cast(sales_price as {{ dbt.type_string() }}),
                    cast(held_sales_price as {{ dbt.type_string() }}),
                    sales_account_code,
                    held_sales_account
                ) is not null
                then coalesce(sales_tax_type, held_sales_tax)
        end as wanted_sales_tax,
        case when has_purchases then coalesce(purchase_price, held_purchase_price) end as wanted_purchase_price,
        case when has_purchases and not is_tracked then coalesce(purchase_account_code, held_purchase_account) end
            as wanted_purchase_account,
        -- Tax alone would turn an item that is only sold into one that is bought too.
        case
            when
                has_purchases
                and coalesce(
                    cast(purchase_price as {{ dbt.type_string() }}),
                    cast(held_purchase_price as {{ dbt.type_string() }}),
                    purchase_account_code,
                    held_purchase_account
                ) is not null
                then coalesce(purchase_tax_type, held_purchase_tax)
        end as wanted_purchase_tax,
        case when is_tracked then held_cogs_account end as wanted_cogs_account
    from joined

),

{%- set details = {
    'SalesDetails': {
        'UnitPrice': ('sales_price', 'number'),
        'AccountCode': ('sales_account', 'string'),
        'TaxType': ('sales_tax', 'string'),
    },
    'PurchaseDetails': {
        'UnitPrice': ('purchase_price', 'number'),
        'AccountCode': ('purchase_account', 'string'),
        'COGSAccountCode': ('cogs_account', 'string'),
        'TaxType': ('purchase_tax', 'string'),
    },
} -%}
{%- set bodies = {} -%}
{%- for kind in ['wanted', 'held'] -%}
    {%- set body = {
        'ItemID': json_string('item_id'),
        'Code': json_string('item_code' if kind == 'wanted' else 'held_code'),
        'Name': held_member('wanted_name', json_string(kind ~ '_name')),
        'Description': held_member('wanted_description', json_string(kind ~ '_description')),
    } -%}
    {%- for part, fields in details.items() -%}
        {%- set members = {} -%}
        {%- for field, spec in fields.items() -%}
            {%- set column = kind ~ '_' ~ spec[0] -%}
            {%- set value = json_number(column) if spec[1] == 'number' else json_string(column) -%}
            {%- do members.update({field: held_member('wanted_' ~ spec[0], value)}) -%}
        {%- endfor -%}
        {%- do body.update({part: "nullif(" ~ json_object_of(members) ~ ", '{}')"}) -%}
    {%- endfor -%}
    {%- do bodies.update({kind: json_object_of(body)}) -%}
{%- endfor -%}
{%- set findings = [
    push_finding('ITEM_CODE_LONG', 'block', 'length(item_code) > 30', {
        'code': 'item_code', 'source': system_name('source_system'),
    }),
] -%}
{%- for side in ['sales', 'purchase'] -%}
    {%- set code = side ~ '_account_code' -%}
    {#- A tracked item is not sent the source's purchase account, so that it need not be right. -#}
    {%- set counts = ' and has_purchases and not is_tracked' if side == 'purchase' else ' and has_sales' -%}
    {%- do findings.append(push_finding('ACC_UNKNOWN', 'block', 'is_' ~ side ~ '_account_unknown' ~ counts, {'code': code})) -%}
    {%- do findings.append("case when " ~ side ~ "_rule is not null" ~ counts ~ " then " ~ json_object_of({
        'rule': json_string(side ~ '_rule'),
        'severity': "'\"block\"'",
        'message': json_string(side ~ '_message'),
        'remedy': json_string(side ~ '_remedy'),
    }) ~ " end") -%}
    {%- do findings.append(push_finding('TAX_UNKNOWN', 'block', 'is_' ~ side ~ '_tax_unknown', {
        'tax': side ~ '_tax_type',
    })) -%}
{%- endfor %}

records as (

    select
        tenant_id,
        item_code as record_key,
        case when item_id is null then 'create' else 'update' end as operation_hint,
        {{ bodies['wanted'] }} as payload,
        'Item ' || item_code as label,
        item_id as target_id,
        case when item_id is not null then {{ bodies['held'] }} end as held_payload,
        held_version,
        {{ json_list_of(findings) }} as findings,
        {{
            json_object_of({
                'item_code': json_string('item_code'),
                'is_tracked': "case when is_tracked then 'true' else 'false' end",
            })
        }} as facts,
        {{ json_nothing() }} as depends_on,
        source_system,
        source_record_id,
        {{
            json_object_of({
                'Name': json_string('item_name'),
                'Description': json_string('description'),
                'SalesAccountCode': json_string('sales_account_code'),
                'PurchaseAccountCode': json_string('purchase_account_code'),
                'SalesPrice': json_number('sales_price'),
                'PurchasePrice': json_number('purchase_price'),
                'SalesTaxType': json_string('sales_tax_type'),
                'PurchaseTaxType': json_string('purchase_tax_type'),
            })
        }} as content
    from settled

),

{{ push_records('xero', 'items') }}
