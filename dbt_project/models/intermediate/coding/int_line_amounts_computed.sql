{{ config(materialized='table') }}

{#-
    What is sent for each line, and what Xero makes of it: each line's amount and tax rounded by
    themselves. Discounts exist on sales invoices only; elsewhere they go into the price. A negative
    quantity, which Xero refuses, becomes a negative price. An organisation that is not registered
    carries the tax of its bills as cost. Bills keep the supplier's own tax.
-#}
{%- set line_key = outgoing_line_key() -%}
{%- set hundredth = 'cast(0.01 as decimal(3, 2))' -%}

with lines as (

    select
        lines.*,
        taxes.effective_rate,
        organisations.is_tax_registered,
        lines.document_type = 'invoice' as takes_discount,
        case
            when not organisations.is_tax_registered or lines.side = 'stock' then 'NoTax'
            when upper(documents.line_amount_types) = 'INCLUSIVE' then 'Inclusive'
            when upper(documents.line_amount_types) = 'NOTAX' then 'NoTax'
            else 'Exclusive'
        end as line_amount_type,
        upper(documents.line_amount_types) = 'INCLUSIVE' as is_stated_inclusive
    from {{ ref('int_outgoing_lines_roled') }} as lines
    inner join {{ ref('int_outgoing_documents') }} as documents
        on {{ same_key('lines', 'documents', outgoing_document_key()) }}
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on lines.tenant_id = organisations.tenant_id
    inner join {{ ref('int_line_taxes_resolved') }} as taxes
        on {{ same_key('lines', 'taxes', line_key) }}
    where lines.role not in ('TEXT', 'CLEARING')

),

-- What the source's own figures come to, whatever becomes of discount and sign. The factors are widened
-- first: two decimal(18, 4) overflow from 10^10 on.
valued as (

    select
        *,
        cast(
            case
                when quantity is null or unit_amount is null then source_line_amount
                when coalesce(discount_rate, 0) <> 0
                    then round(
                        cast(quantity as {{ wide_decimal(4) }}) * cast(unit_amount as {{ wide_decimal(4) }})
                        * (100 - cast(discount_rate as {{ wide_decimal(6) }})) * {{ hundredth }}, 2
                    )
                else
                    round(cast(quantity as {{ wide_decimal(4) }}) * cast(unit_amount as {{ wide_decimal(4) }}), 2)
                    - coalesce(discount_amount, 0)
            end
            as decimal(18, 4)
        ) as stated_amount,
        not is_tax_registered and side = 'purchases' and not is_stated_inclusive
        and coalesce(source_tax_amount, 0) <> 0 as carries_tax
    from lines

),

shaped as (

    select
        *,
        carries_tax
        or quantity is null
        or unit_amount is null
        or (coalesce(discount_amount, 0) <> 0 and (not takes_discount or quantity < 0)) as is_one_at_its_amount
    from valued

),

sent as (

    select
        *,
        case
            when is_one_at_its_amount then case when stated_amount is not null then 1 end
            when quantity < 0 and side <> 'stock' then -quantity
            else quantity
        end as sent_quantity,
        case
            when is_one_at_its_amount then stated_amount + case when carries_tax then source_tax_amount else 0 end
            else
                case when quantity < 0 and side <> 'stock' then -1 else 1 end
                * case
                    when coalesce(discount_rate, 0) <> 0 and not takes_discount
                        then round(
                            cast(unit_amount as {{ wide_decimal(4) }})
                            * (100 - cast(discount_rate as {{ wide_decimal(6) }})) * {{ hundredth }}, 4
                        )
                    else unit_amount
                end
        end as sent_unit_amount,
        case when takes_discount and not is_one_at_its_amount then nullif(discount_rate, 0) end as sent_discount_rate,
        case
            when takes_discount and not is_one_at_its_amount and coalesce(discount_rate, 0) = 0
                then nullif(discount_amount, 0)
        end as sent_discount_amount
    from shaped

),

amounts as (

    select
        *,
        cast(
            round(
                cast(sent_quantity as {{ wide_decimal(4) }}) * cast(sent_unit_amount as {{ wide_decimal(4) }})
                * (100 - cast(coalesce(sent_discount_rate, 0) as {{ wide_decimal(6) }})) * {{ hundredth }}, 2
            ) - coalesce(sent_discount_amount, 0)
            as decimal(18, 4)
        ) as line_amount
    from sent

),

taxed as (

    select
        *,
        cast(
            case
                when line_amount_type = 'NoTax' or coalesce(effective_rate, 0) = 0 then 0
                when side = 'purchases' and source_tax_amount is not null then source_tax_amount
                when line_amount_type = 'Inclusive'
                    then line_amount - {{ to_base('line_amount', '(1 + effective_rate * ' ~ hundredth ~ ')') }}
                else
                    round(
                        cast(line_amount as {{ wide_decimal(4) }})
                        * cast(effective_rate as {{ wide_decimal(6) }}) * {{ hundredth }}, 2
                    )
            end
            as decimal(18, 4)
        ) as tax_amount
    from amounts

),

final as (

    select
        {{ line_key | join(', ') }},
        line_amount_type,
        cast(sent_quantity as decimal(18, 4)) as quantity,
        cast(sent_unit_amount as decimal(18, 4)) as unit_amount,
        cast(sent_discount_rate as decimal(18, 6)) as discount_rate,
        cast(sent_discount_amount as decimal(18, 4)) as discount_amount,
        line_amount,
        tax_amount,
        case when line_amount_type = 'Inclusive' then line_amount - tax_amount else line_amount end as net_amount,
        quantity as stated_quantity,
        quantity < 0 and side <> 'stock' as is_quantity_negative
    from taxed

)

select * from final
