{{ config(materialized='table') }}

{#- What each line is to the ledger: the coding rules, section 3. The first row that fits decides. -#}
{%- set text = dbt.type_string() -%}
{%- set carried = [
    'tenant_id', 'source_system', 'document_type', 'document_id', 'line_id', 'line_number', 'line_kind', 'role',
    'side', 'document_date', 'is_to_send', 'source_item_id', 'item_code', 'description', 'quantity',
    'unit_amount', 'discount_rate', 'discount_amount', 'source_line_amount', 'source_tax_amount',
    'credited_document_id', 'credited_line_id',
] -%}

with documents as (

    select * from {{ ref('int_outgoing_documents') }}

),

policies as (

    select * from {{ ref('int_coding_policies_set') }}

),

lines as (

    select
        lines.*,
        documents.side,
        documents.document_date,
        documents.purchase_method,
        documents.is_due and not documents.is_sent and not documents.is_skipped as is_to_send,
        -- Landed cost, and whatever a stock order carries for others, is part of the stock's cost.
        documents.document_type = 'purchase'
        and (
            lines.is_attributed_to_stock_order
            or (lines.line_kind = 'landed_cost' and documents.purchase_method = 'stock')
        ) as is_landed_cost
    from {{ ref('int_outgoing_lines') }} as lines
    inner join documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.source_system = documents.source_system
            and lines.document_type = documents.document_type
            and lines.document_id = documents.document_id

),

roled as (

    select
        lines.*,
        case
            when
                lines.source_item_id is null
                and lines.item_code is null
                and (coalesce(lines.quantity, 0) = 0 or lines.line_kind = 'text')
                and coalesce(lines.unit_amount, 0) = 0
                and coalesce(lines.source_line_amount, 0) = 0 then 'TEXT'
            when lines.line_kind = 'payment' then 'CLEARING'
            when lines.line_kind = 'rounding' then 'ROUNDING'
            when lines.document_type in ('adjustment', 'stock_take') then 'ADJUSTMENT'
            when lines.document_type = 'credit_note' and lines.side = 'sales' then 'REVENUE'
            when lines.document_type = 'credit_note'
                then
                    case
                        when not lines.goes_back_to_supplier then 'EXPENSE'
                        when upper(lines.purchase_line_role) = 'INVENTORY' then 'INVENTORY'
                        when upper(lines.purchase_line_role) = 'LANDED_COST' then upper(policies.landed_cost_role)
                        else 'EXPENSE'
                    end
            when
                lines.document_type = 'invoice'
                and (
                    lines.line_kind in ('task', 'product', 'billable_purchase', 'discount', 'delivery')
                    or coalesce(lines.source_line_amount, lines.unit_amount) < 0
                ) then 'REVENUE'
            when lines.is_landed_cost then upper(policies.landed_cost_role)
            when lines.purchase_method = 'project' then 'EXPENSE'
            when lines.document_type = 'purchase' and lines.stock_tracking_type = 'NonStock' then 'EXPENSE'
            when
                lines.document_type = 'purchase'
                and lines.stock_tracking_type in ('FIFO', 'Serial', 'Batch') then 'INVENTORY'
            else 'UNRESOLVED'
        end as role
    from lines
    left join policies
        on
            lines.tenant_id = policies.tenant_id
            and lines.source_system = policies.source_system

),

-- Stock that leaves is one more kind of line: it is coded like the others and goes into the month's journal.
movements as (

    select * from {{ ref('int_outgoing_stock_movements') }}

),

unified as (

    select {{ carried | join(', ') }} from roled
    union all
    select
        tenant_id,
        source_system,
        'cogs' as document_type,
        document_id,
        movement_id as line_id,
        cast(1 as bigint) as line_number,
        'movement' as line_kind,
        'COGS' as role,
        'stock' as side,
        cast(moved_at as date) as document_date,
        is_due as is_to_send,
        source_item_id,
        item_code,
        cast(null as {{ text }}) as description,
        quantity,
        unit_cost as unit_amount,
        cast(null as decimal(18, 6)) as discount_rate,
        cast(null as decimal(18, 4)) as discount_amount,
        cast(null as decimal(18, 4)) as source_line_amount,
        cast(null as decimal(18, 4)) as source_tax_amount,
        cast(null as {{ text }}) as credited_document_id,
        cast(null as {{ text }}) as credited_line_id
    from movements

),

final as (

    select
        unified.*,
        case role
            when 'TEXT' then null
            when 'UNRESOLVED' then null
            when 'ADJUSTMENT' then 'cogs'
            when 'REVENUE' then case when line_kind = 'delivery' then 'delivery' else 'revenue' end
            else lower(role)
        end as default_role,
        role in ('COGS', 'ADJUSTMENT') as is_stock_pair
    from unified

)

select * from final
