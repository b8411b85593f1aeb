with lines as (

    select * from {{ ref('int_document_lines_tracked') }}
    where is_posted or is_draft

),

documents as (

    select * from {{ ref('int_documents_unified') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

items as (

    select * from {{ ref('stg_xero__items') }}

),

tax_rates as (

    select * from {{ ref('stg_xero__tax_rates') }}

),

judged as (

    select
        lines.tenant_id,
        lines.document_id,
        lines.line_id,
        lines.line_number,
        lines.document_type,
        lines.is_posted,
        lines.net_amount_base as amount_base,
        lines.tax_type,
        coalesce(accounts.account_code || ' ', '') || accounts.account_name as account_label,
        coalesce(accounts.extracted_at, tax_rates.extracted_at) as configuration_extracted_at,
        lines.document_type in ('bill', 'bill_credit_note') and accounts.account_class = 'REVENUE'
            as is_purchase_on_income,
        -- Text lines have no tax type.
        lines.tax_type is not null
        and (tax_rates.tax_type is null or (lines.is_draft and tax_rates.tax_rate_status <> 'ACTIVE'))
            as is_tax_not_in_use
    from lines
    left join accounts
        on
            lines.tenant_id = accounts.tenant_id
            and lines.account_id = accounts.account_id
    left join tax_rates
        on
            lines.tenant_id = tax_rates.tenant_id
            and lines.tax_type = tax_rates.tax_type
            and not tax_rates.is_deleted

),

labelled as (

    select
        judged.*,
        judged.document_type || '_line' as record_type,
        judged.document_id || '/' || judged.line_id as record_id,
        documents.document_label || ', line ' || cast(judged.line_number as {{ dbt.type_string() }}) as record_label,
        greatest(documents.extracted_at, coalesce(judged.configuration_extracted_at, documents.extracted_at))
            as first_seen_at
    from judged
    inner join documents
        on
            judged.tenant_id = documents.tenant_id
            and judged.document_id = documents.document_id
    where judged.is_purchase_on_income or judged.is_tax_not_in_use

),

findings as (

    select
        *,
        'purchase_line_on_income_account' as rule,
        ' is coded to ' || account_label || ', an income account, and lowers the revenue.'
        || ' Recode it in Xero if it is no refund.' as problem
    from labelled
    where is_purchase_on_income
    union all
    select
        *,
        'tax_not_in_use' as rule,
        ' has the tax type ' || tax_type || ', which Xero no longer uses or does not have. Choose another.' as problem
    from labelled
    where is_tax_not_in_use

),

-- An item is coded one way and sold another: one finding, however many lines.
items_sold_elsewhere as (

    select
        lines.tenant_id,
        lines.item_id,
        max(items.item_code) as item_code,
        max(lines.item_sales_analysis) as item_sales_analysis,
        max(coalesce(accounts.account_code || ' ', '') || accounts.account_name) as account_label,
        count(*) as line_count,
        cast(sum(lines.net_amount_base) as decimal(18, 4)) as amount_base,
        greatest(max(documents.extracted_at), max(items.extracted_at)) as first_seen_at
    from lines
    inner join documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_id = documents.document_id
    inner join items
        on
            lines.tenant_id = items.tenant_id
            and lines.item_id = items.item_id
            and not items.is_deleted
    inner join accounts
        on
            lines.tenant_id = accounts.tenant_id
            and lines.account_id = accounts.account_id
    where lines.is_posted and lines.side = 'sales' and not lines.is_item_default_account
    group by lines.tenant_id, lines.item_id

),

final as (

    select
        tenant_id,
        rule,
        'warning' as severity,
        record_type,
        record_id,
        record_label,
        record_label || problem as message,
        amount_base,
        first_seen_at
    from findings
    union all
    select
        tenant_id,
        'item_sold_on_another_account' as rule,
        'warning' as severity,
        'item' as record_type,
        item_id as record_id,
        coalesce(item_code, item_id) as record_label,
        'Item ' || coalesce(item_code, item_id) || ', whose account is ' || item_sales_analysis || ', is on '
        || cast(line_count as {{ dbt.type_string() }})
        || case when line_count = 1 then ' posted sales line that is' else ' posted sales lines that are' end
        || ' coded elsewhere, as to '
        || account_label || '. Recode the item, or the lines if they are wrong.' as message,
        amount_base,
        first_seen_at
    from items_sold_elsewhere

)

select * from final
