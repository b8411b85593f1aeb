{{ config(materialized='table') }}

{#- One order for both sums: each other one would be sorted by itself, beside this, in the same memory. -#}
{%- set so_far -%}
over (
            partition by tenant_id, document_id
            order by settled_on, settlement_id
            rows between unbounded preceding and current row
        )
{%- endset %}

with settlements as (

    select * from {{ ref('int_settlements_unified') }}
    where amount <> 0 and settled_on is not null

),

documents as (

    select
        *,
        {{ to_base('total', 'currency_rate') }} as total_base
    from {{ ref('int_documents_unified') }}
    where is_posted and document_date is not null and currency_rate is not null and total is not null

),

-- Both ends of an allocation are in the books, or it is not. A payment has one end, and is in no join for the other.
kept as (

    select * from settlements
    where partner_document_id is null
    union all
    select settlements.*
    from settlements
    inner join documents as partners
        on
            settlements.tenant_id = partners.tenant_id
            and settlements.partner_document_id = partners.document_id

),

joined as (

    select
        kept.tenant_id,
        kept.settlement_id,
        kept.settlement_type,
        kept.document_id,
        kept.partner_document_id,
        kept.settled_on,
        kept.amount,
        kept.account_id,
        kept.bank_amount,
        coalesce(kept.currency_rate, documents.currency_rate) as settled_rate,
        documents.document_type,
        documents.side,
        documents.is_credit,
        documents.contact_id,
        documents.currency_code,
        documents.base_currency,
        documents.total,
        documents.total_base,
        {{ to_base('kept.amount', 'documents.currency_rate') }} as part_base
    from kept
    inner join documents
        on kept.tenant_id = documents.tenant_id and kept.document_id = documents.document_id

),

running as (

    select
        *,
        sum(amount) {{ so_far }} as settled_so_far,
        total_base - (sum(part_base) {{ so_far }} - part_base) as base_left
    from joined

),

-- At the document's own rate; what brings the foreign balance to zero takes all that is left of the base balance,
-- so that nothing remains of a settled document.
final as (

    select
        *,
        settled_so_far = total as is_final,
        cast(
            case when settled_so_far = total then base_left else part_base end as decimal(18, 4)
        ) as cleared_base
    from running

)

select * from final
