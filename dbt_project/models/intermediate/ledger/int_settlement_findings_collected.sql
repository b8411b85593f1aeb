with settlements as (

    select * from {{ ref('int_settlements_unified') }}
    where amount <> 0

),

documents as (

    select * from {{ ref('int_documents_unified') }}

),

-- What is settled is in the books, or the settlement is not. Each end of an allocation stands here by itself.
judged as (

    select
        settlements.*,
        documents.document_label,
        documents.document_status,
        documents.document_id is null as is_unread,
        {{ to_base(
            'settlements.amount', 'coalesce(settlements.currency_rate, documents.currency_rate, partners.currency_rate)'
        ) }} as amount_base,
        greatest(
            settlements.extracted_at, coalesce(documents.extracted_at, settlements.extracted_at)
        ) as first_seen_at,
        row_number() over (
            partition by settlements.tenant_id, settlements.settlement_id, documents.document_id is null
            order by settlements.document_id
        ) as place
    from settlements
    left join documents
        on
            settlements.tenant_id = documents.tenant_id
            and settlements.document_id = documents.document_id
    left join documents as partners
        on
            settlements.tenant_id = partners.tenant_id
            and settlements.partner_document_id = partners.document_id
    where documents.document_id is null or not documents.is_posted

),

final as (

    select
        tenant_id,
        case when is_unread then 'settled_document_not_read' else 'settled_document_not_posted' end as rule,
        'error' as severity,
        settlement_type as record_type,
        settlement_id as record_id,
        settlement_id as record_label,
        case settlement_type when 'payment' then 'A payment of ' else 'An allocation of ' end
        || cast(cast(amount as decimal(18, 2)) as {{ dbt.type_string() }})
        || coalesce(' on ' || cast(settled_on as {{ dbt.type_string() }}), '') || ' settles '
        || case
            when is_unread
                then
                    coalesce('document ' || document_id, 'no document that is named')
                    || ', which was never read, so that it is in no report.'
                    || ' Read everything again (`xero-crm sync --full`); if it stays, look for it in Xero.'
            else
                document_label || ', which is ' || lower(coalesce(document_status, 'without a status'))
                || ', so that it is in no report. Look at both in Xero, and delete the one that is wrong.'
        end as message,
        amount_base,
        first_seen_at
    from judged
    where place = 1

)

select * from final
