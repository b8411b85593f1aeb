{#-
    The account that an invoice's line has in Xero, and whether it can be used today, for the lines that
    a credit note credits: what is credited is what was posted, whatever the line would be coded to
    today. A line is the one at the same place of the invoice, if it still has the same text; where that
    is not so, it is not known.
-#}
with credited as (

    select distinct
        tenant_id,
        source_system,
        credited_document_id as document_id,
        credited_line_id as line_id
    from {{ ref('int_outgoing_lines_roled') }}
    where document_type = 'credit_note' and side = 'sales' and credited_line_id is not null

),

-- Payments are lines of their own in the source, and none in Xero.
lines as (

    select
        lines.tenant_id,
        lines.source_system,
        lines.document_id,
        lines.line_id,
        lines.description,
        documents.xero_document_id,
        row_number() over (
            partition by lines.tenant_id, lines.source_system, lines.document_id
            order by lines.line_number, lines.line_id
        ) as place
    from {{ ref('int_outgoing_lines_roled') }} as lines
    inner join {{ ref('int_outgoing_documents') }} as documents
        on {{ same_key('lines', 'documents', outgoing_document_key()) }}
    where lines.document_type = 'invoice' and lines.role <> 'CLEARING' and documents.xero_document_id is not null

),

posted as (

    select
        lines.tenant_id,
        lines.document_id,
        lines.line_number,
        lines.description,
        lines.account_id
    from {{ ref('stg_xero__invoice_lines') }} as lines
    inner join {{ ref('stg_xero__invoices') }} as invoices
        on
            lines.tenant_id = invoices.tenant_id
            and lines.document_id = invoices.document_id
    where not invoices.is_deleted and invoices.document_status not in ('VOIDED', 'DELETED')

),

final as (

    select
        lines.tenant_id,
        lines.source_system,
        'invoice' as document_type,
        lines.document_id,
        lines.line_id,
        posted.account_id,
        coalesce(checked.account_code, posted.account_id) as stated_code,
        checked.account_code,
        checked.account_name,
        checked.account_class,
        coalesce(checked.account_status, 'unknown') as account_status,
        false as is_former_code,
        case when checked.account_id is null then 'ACC_UNKNOWN' else checked.rule end as rule,
        checked.message as checked_message,
        checked.remedy as checked_remedy,
        policies.fallback
    from lines
    inner join credited
        on
            lines.tenant_id = credited.tenant_id
            and lines.source_system = credited.source_system
            and lines.document_id = credited.document_id
            and lines.line_id = credited.line_id
    inner join posted
        on
            lines.tenant_id = posted.tenant_id
            and lines.xero_document_id = posted.document_id
            and lines.place = posted.line_number
            and trim(lines.description) = trim(posted.description)
    left join {{ ref('int_account_roles_checked') }} as checked
        on
            posted.tenant_id = checked.tenant_id
            and posted.account_id = checked.account_id
            and checked.role = 'REVENUE'
    left join {{ ref('int_coding_policies_set') }} as policies
        on
            lines.tenant_id = policies.tenant_id
            and lines.source_system = policies.source_system
    where posted.account_id is not null

)

select * from final
