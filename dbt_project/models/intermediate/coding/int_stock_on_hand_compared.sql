{#-
    How far stock on hand in the source is from that in Xero at the end of each month, because the source
    counts goods from the day they are received, and Xero from the day of the invoice. The last twelve
    months that have ended and are not locked. It is reported and never journalled: it goes away by itself.
-#}
{%- set text = dbt.type_string() -%}

with receipts as (

    select * from {{ ref('int_workguru__stock_receipts') }}
    where amount_base is not null

),

month_ends as (

    {% for months in range(13) -%}
    select
        tenant_id,
        cast(last_day({{ dbt.dateadd('month', -months, as_of()) }}) as date) as month_end
    from {{ ref('int_organisation_limits_read') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

open_ends as (

    select month_ends.*
    from month_ends
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on month_ends.tenant_id = organisations.tenant_id
    where
        month_ends.month_end <= {{ as_of() }}
        and (organisations.locked_to is null or month_ends.month_end > organisations.locked_to)

),

-- A receipt is on one side only of the month's end: in the source, or in Xero.
straddling as (

    select
        receipts.tenant_id,
        receipts.source_system,
        open_ends.month_end,
        receipts.document_id,
        case when receipts.received_date <= open_ends.month_end then 1 else -1 end * receipts.amount_base
            as amount_base
    from receipts
    inner join open_ends
        on
            receipts.tenant_id = open_ends.tenant_id
            and coalesce(receipts.received_date <= open_ends.month_end, false)
            <> coalesce(receipts.invoice_date <= open_ends.month_end, false)

),

final as (

    select
        tenant_id,
        source_system,
        month_end,
        cast(sum(amount_base) as decimal(18, 4)) as difference_base,
        count(*) as receipt_count
    from straddling
    group by tenant_id, source_system, month_end

)

select
    tenant_id,
    source_system,
    month_end,
    difference_base,
    cast(receipt_count as bigint) as receipt_count,
    'stock_on_hand' as record_type,
    {{ month_key('month_end') }} as record_id,
    'Stock on hand, ' || {{ month_words('month_end') }} as record_label,
    {{
        coding_finding(
            'SOH_DIFF',
            {'amount': money_text('difference_base'), 'n': 'cast(receipt_count as ' ~ text ~ ')'},
        )
    }}
from final
where difference_base <> 0
