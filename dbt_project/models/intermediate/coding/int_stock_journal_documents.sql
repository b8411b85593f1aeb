{#-
    All stock journals, in the columns of coding.documents: the months' journals of cost of goods sold,
    and stock adjustments and stock takes. Its total is the sum of its debits. One without a line, or
    that asks for no change, is shown and not sendable.
-#}
{%- set document_key = outgoing_document_key() -%}
{%- set text = dbt.type_string() -%}

with calendars as (

    select * from {{ ref('int_stock_journal_calendars_set') }}

),

documents as (

    select
        {{ document_key | join(', ') }},
        document_number,
        source_status,
        is_due,
        is_sent,
        is_skipped,
        true as may_change,
        document_date,
        record_updated_at
    from {{ ref('int_outgoing_documents') }}
    where side = 'stock'
    union all
    select
        tenant_id,
        source_system,
        'cogs' as document_type,
        document_id,
        document_number,
        desired_status as source_status,
        true as is_due,
        sent_status is not null and action = 'none' as is_sent,
        false as is_skipped,
        action in ('create', 'update') as may_change,
        journal_date as document_date,
        cast(null as timestamp) as record_updated_at
    from {{ ref('int_stock_journals_planned') }}

),

totals as (

    select
        {{ document_key | join(', ') }},
        cast(sum(case when line_amount > 0 then line_amount else 0 end) as decimal(18, 4)) as debits
    from {{ ref('int_stock_journal_lines') }}
    group by {{ document_key | join(', ') }}

),

findings as (

    select
        {{ document_key | join(', ') }},
        max(case when severity in ('block', 'hold') then 1 else 0 end) as blocking,
        count(*) as finding_count
    from (
        select {{ document_key | join(', ') }}, severity from {{ ref('int_outgoing_findings_collected') }}
        where document_type in ('adjustment', 'stock_take')
        union all
        select {{ document_key | join(', ') }}, severity from {{ ref('int_stock_journal_findings_collected') }}
    ) as found
    group by {{ document_key | join(', ') }}

),

snapshots as (

    select * from {{ ref('int_configuration_snapshots_taken') }}

),

final as (

    select
        {{ key_of('documents', document_key) }},
        calendars.organisation_name,
        'stock' as side,
        documents.document_number,
        cast(null as {{ text }}) as supplier_invoice_number,
        cast(null as {{ text }}) as reference,
        documents.source_status,
        documents.is_due,
        documents.is_sent,
        documents.is_skipped,
        cast(null as {{ text }}) as contact_id,
        cast(null as {{ text }}) as contact_name,
        documents.document_date,
        cast(null as date) as due_date,
        calendars.base_currency as currency_code,
        cast(null as decimal(18, 6)) as currency_rate,
        'NoTax' as line_amount_type,
        cast(null as decimal(18, 4)) as source_net,
        cast(null as decimal(18, 4)) as source_tax,
        cast(null as decimal(18, 4)) as source_total,
        totals.debits as xero_net,
        cast(0 as decimal(18, 4)) as xero_tax,
        totals.debits as xero_total,
        cast(0 as decimal(18, 4)) as rounding_amount,
        coalesce(documents.document_date <= calendars.locked_to, false) as is_in_locked_period,
        snapshots.snapshot_id,
        cast(coalesce(findings.finding_count, 0) as bigint) as finding_count,
        coalesce(findings.blocking, 0) = 1 as is_blocked,
        documents.is_due
        and not documents.is_sent
        and not documents.is_skipped
        and documents.may_change
        and totals.debits is not null
        and coalesce(findings.blocking, 0) = 0 as is_sendable,
        documents.record_updated_at
    from documents
    inner join calendars
        on documents.tenant_id = calendars.tenant_id
    left join snapshots
        on documents.tenant_id = snapshots.tenant_id
    left join totals
        on {{ same_key('documents', 'totals', document_key) }}
    left join findings
        on {{ same_key('documents', 'findings', document_key) }}

)

select * from final
