{{ config(materialized='table') }}

{#-
    Each document's total as Xero would make it, against the source's. Up to the limit of the settings
    a rounding line makes them equal; more is an error in price or tax. A document with a line whose
    tax is not known has no total to compare.
-#}
{%- set document_key = outgoing_document_key() -%}

with documents as (

    select
        documents.*,
        policies.rounding_limit
    from {{ ref('int_outgoing_documents') }} as documents
    left join {{ ref('int_coding_policies_set') }} as policies
        on
            documents.tenant_id = policies.tenant_id
            and documents.source_system = policies.source_system

),

amounts as (

    select * from {{ ref('int_line_amounts_computed') }}

),

taxes as (

    select * from {{ ref('int_line_taxes_resolved') }}

),

summed as (

    select
        {{ key_of('amounts', document_key) }},
        max(amounts.line_amount_type) as line_amount_type,
        sum(amounts.net_amount) as xero_net,
        sum(amounts.tax_amount) as xero_tax,
        sum(
            case when amounts.line_amount is null or coalesce(taxes.tax_status, 'open') <> 'ok' then 1 else 0 end
        ) as open_line_count,
        sum(case when amounts.is_quantity_negative then 1 else 0 end) as negative_line_count
    from amounts
    inner join taxes
        on
            {{ same_key('amounts', 'taxes', document_key) }}
            and amounts.line_id = taxes.line_id
    group by {{ key_of('amounts', document_key) }}

),

compared as (

    select
        {{ key_of('documents', document_key) }},
        documents.side,
        documents.document_number,
        documents.source_total,
        documents.rounding_limit,
        summed.line_amount_type,
        cast(summed.xero_net as decimal(18, 4)) as xero_net,
        cast(summed.xero_tax as decimal(18, 4)) as xero_tax,
        cast(summed.xero_net + summed.xero_tax as decimal(18, 4)) as xero_total,
        summed.negative_line_count,
        case
            when documents.side <> 'stock' and summed.open_line_count = 0
                then cast(documents.source_total - (summed.xero_net + summed.xero_tax) as decimal(18, 4))
        end as difference
    from documents
    left join summed
        on {{ same_key('documents', 'summed', document_key) }}

),

final as (

    select
        {{ document_key | join(', ') }},
        line_amount_type,
        xero_net,
        xero_tax,
        xero_total,
        difference,
        negative_line_count,
        cast(
            case when abs(difference) <= rounding_limit and difference <> 0 then difference else 0 end
            as decimal(18, 4)
        ) as rounding_amount,
        case
            when line_amount_type is null then 'LINES_MISSING'
            when side = 'stock' then null
            when abs(difference) > rounding_limit then 'TOTAL_DIFF'
            when xero_total < 0 and coalesce(negative_line_count, 0) = 0 then 'TOTAL_NEGATIVE'
        end as rule,
        side <> 'stock' and xero_total < 0 as is_negative,
        {{ document_words('document_type', 'side', 'document_number', 'document_id') }} as document_label
    from compared

)

select * from final
