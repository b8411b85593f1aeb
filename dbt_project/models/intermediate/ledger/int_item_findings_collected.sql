with items as (

    select * from {{ ref('int_items_analysed') }}
    where not is_deleted

),

lines as (

    select * from {{ ref('int_document_lines_tracked') }}

),

-- What the item has brought so far: the money at stake when its code is wrong.
sold as (

    select
        tenant_id,
        item_id,
        cast(sum(net_amount_base) as decimal(18, 4)) as amount_base
    from lines
    where is_posted and side = 'sales' and item_id is not null
    group by tenant_id, item_id

),

-- One row per item and side that has something wrong. No account is missed on a side the item is not used on.
sides as (

    select
        tenant_id,
        item_id,
        sales_analysis_status as code_status,
        case
            when sales_analysis_status = 'missing' then 'no sales account'
            else 'sales account ' || sales_analysis || coalesce(' ' || sales_analysis_name, '')
        end as account_label,
        coalesce(sales_account_extracted_at, extracted_at) as account_extracted_at
    from items
    where sales_analysis_status in ('unknown', 'archived') or (sales_analysis_status = 'missing' and is_sold)
    union all
    select
        tenant_id,
        item_id,
        purchase_analysis_status as code_status,
        case
            when purchase_analysis_status = 'missing' then 'no purchase account'
            else 'purchase account ' || purchase_analysis || coalesce(' ' || purchase_analysis_name, '')
        end as account_label,
        coalesce(purchase_account_extracted_at, extracted_at) as account_extracted_at
    from items
    where
        purchase_analysis_status in ('unknown', 'archived')
        or (purchase_analysis_status = 'missing' and is_purchased)

),

findings as (

    select
        tenant_id,
        item_id,
        code_status,
        -- Sales before purchases; the two labels of an item never begin alike.
        max(account_label) || case when count(*) > 1 then ' and ' || min(account_label) else '' end as account_labels,
        max(account_extracted_at) as account_extracted_at
    from sides
    group by tenant_id, item_id, code_status

),

final as (

    select
        findings.tenant_id,
        case findings.code_status
            when 'missing' then 'item_without_code'
            when 'unknown' then 'unknown_code'
            when 'archived' then 'archived_code_on_new_document'
        end as rule,
        'warning' as severity,
        'item' as record_type,
        findings.item_id as record_id,
        coalesce(items.item_code, findings.item_id) as record_label,
        'Item ' || coalesce(items.item_code, findings.item_id) || coalesce(' ' || items.item_name, '')
        || case findings.code_status
            when 'missing'
                then
                    ' has ' || findings.account_labels
                    || '. Set it on the item in Xero, so that its next line is coded.'
            when 'unknown'
                then
                    ' points to ' || findings.account_labels
                    || ', which the chart of accounts does not have. Correct the item, or create the account in Xero.'
            when 'archived'
                then
                    ' points to ' || findings.account_labels
                    || ', which is archived. Choose another account on the item, or restore it in Xero.'
        end as message,
        sold.amount_base,
        greatest(items.extracted_at, findings.account_extracted_at) as first_seen_at
    from findings
    inner join items
        on
            findings.tenant_id = items.tenant_id
            and findings.item_id = items.item_id
    left join sold
        on
            findings.tenant_id = sold.tenant_id
            and findings.item_id = sold.item_id

)

select * from final
