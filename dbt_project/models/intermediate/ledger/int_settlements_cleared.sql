{{ config(materialized='table') }}

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

-- Both ends of an allocation are in the books, or it is not.
joined as (

    select
        settlements.tenant_id,
        settlements.settlement_id,
        settlements.settlement_type,
        settlements.document_id,
        settlements.partner_document_id,
        settlements.settled_on,
        settlements.amount,
        settlements.account_id,
        settlements.bank_amount,
        coalesce(settlements.currency_rate, documents.currency_rate) as settled_rate,
        documents.document_type,
        documents.side,
        documents.is_credit,
        documents.contact_id,
        documents.currency_code,
        documents.base_currency,
        documents.total,
        documents.total_base,
        {{ to_base('settlements.amount', 'documents.currency_rate') }} as part_base,
        sum(settlements.amount) over (
            partition by settlements.tenant_id, settlements.document_id
            order by settlements.settled_on, settlements.settlement_id
            rows between unbounded preceding and current row
        ) as settled_so_far
    from settlements
    inner join documents
        on
            settlements.tenant_id = documents.tenant_id
            and settlements.document_id = documents.document_id
    left join documents as partners
        on
            settlements.tenant_id = partners.tenant_id
            and settlements.partner_document_id = partners.document_id
    where settlements.partner_document_id is null or partners.document_id is not null

),

-- At the document's own rate; what brings the foreign balance to zero takes all that is left of the base balance,
-- so that nothing remains of a settled document.
final as (

    select
        *,
        settled_so_far = total as is_final,
        cast(
            case
                when settled_so_far = total
                    then
                        total_base
                        - coalesce(
                            sum(part_base) over (
                                partition by tenant_id, document_id
                                order by settled_on, settlement_id
                                rows between unbounded preceding and 1 preceding
                            ),
                            0
                        )
                else part_base
            end as decimal(18, 4)
        ) as cleared_base
    from joined

)

select * from final
