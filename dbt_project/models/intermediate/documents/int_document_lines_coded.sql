with lines as (

    select
        *,
        -- In the join itself, a condition on the line would make DuckDB compare every line with every code.
        case when account_id is null then account_code end as code_to_resolve,
        case when item_id is null then item_code end as item_code_to_resolve
    from {{ ref('int_document_lines_signed') }}

),

account_codes as (

    select * from {{ ref('int_account_codes_resolved') }}

),

items as (

    select * from {{ ref('stg_xero__items') }}

),

-- A code given to a new item after its first bearer was deleted means the item that lives.
item_codes as (

    select
        tenant_id,
        item_code,
        item_id
    from (
        select
            tenant_id,
            item_code,
            item_id,
            row_number() over (
                partition by tenant_id, item_code
                order by case when is_deleted then 1 else 0 end asc, extracted_at desc, item_id asc
            ) as choice
        from items
        where item_code is not null
    ) as ranked
    where choice = 1

),

identified as (

    select
        lines.tenant_id,
        lines.document_id,
        lines.line_id,
        lines.line_number,
        lines.document_type,
        lines.side,
        lines.is_posted,
        lines.is_draft,
        lines.document_date,
        lines.contact_id,
        lines.base_currency,
        coalesce(lines.item_id, item_codes.item_id) as item_id,
        lines.item_code,
        -- The id is what Xero posts to. A code alone means the account that bears it at present.
        coalesce(lines.account_id, account_codes.account_id) as account_id,
        lines.account_code as stated_account_code,
        lines.tax_type,
        lines.description,
        lines.quantity,
        lines.quantity_signed,
        lines.unit_amount,
        lines.discount_rate,
        lines.discount_amount,
        lines.net_amount,
        lines.tax_amount,
        lines.gross_amount,
        lines.net_amount_base,
        lines.tax_amount_base,
        lines.tracking_category_id_1,
        lines.tracking_option_id_1,
        lines.tracking_option_name_1,
        lines.tracking_category_id_2,
        lines.tracking_option_id_2,
        lines.tracking_option_name_2
    from lines
    left join account_codes
        on
            lines.tenant_id = account_codes.tenant_id
            and lines.code_to_resolve = account_codes.account_code
    left join item_codes
        on
            lines.tenant_id = item_codes.tenant_id
            and lines.item_code_to_resolve = item_codes.item_code

),

final as (

    select
        identified.*,
        items.sales_account_code as item_sales_analysis,
        case
            when items.sales_account_code is null or identified.account_id is null then null
            -- Compared by account, so that a re-numbered code does not look like another account.
            else coalesce(identified.account_id = item_accounts.account_id, false)
        end as is_item_default_account
    from identified
    left join items
        on
            identified.tenant_id = items.tenant_id
            and identified.item_id = items.item_id
    left join account_codes as item_accounts
        on
            items.tenant_id = item_accounts.tenant_id
            and items.sales_account_code = item_accounts.account_code

)

select * from final
