{#-
    What each purchase order brings into stock, the day it came and the day of the supplier's invoice,
    without tax, in the organisation's base currency; null where a foreign order has no rate. Freight and
    duty that are ordered apart count from the day they are received: without one they are no receipt.
-#}
with lines as (

    select
        amounts.tenant_id,
        amounts.document_id,
        sum(amounts.net_amount) as net_amount
    from {{ ref('int_line_amounts_computed') }} as amounts
    inner join {{ ref('int_outgoing_lines_roled') }} as lines
        on {{ same_key('amounts', 'lines', outgoing_line_key()) }}
    where
        lines.source_system = 'workguru'
        and lines.document_type = 'purchase'
        and lines.role = 'INVENTORY'
    group by amounts.tenant_id, amounts.document_id

),

orders as (

    select * from {{ ref('stg_workguru__purchase_orders') }}
    where not is_deleted and (received_date is not null or not coalesce(is_landed_costs_order, false))

),

final as (

    select
        orders.tenant_id,
        'workguru' as source_system,
        orders.document_id,
        orders.received_date,
        documents.document_date as invoice_date,
        case
            when documents.currency_code is null or documents.currency_code = organisations.base_currency
                then cast(lines.net_amount as decimal(18, 4))
            else {{ to_base('cast(lines.net_amount as decimal(18, 4))', 'documents.currency_rate') }}
        end as amount_base
    from orders
    inner join lines
        on
            orders.tenant_id = lines.tenant_id
            and orders.document_id = lines.document_id
    inner join {{ ref('int_outgoing_documents') }} as documents
        on
            orders.tenant_id = documents.tenant_id
            and orders.document_id = documents.document_id
            and documents.source_system = 'workguru'
            and documents.document_type = 'purchase'
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on orders.tenant_id = organisations.tenant_id

)

select * from final
