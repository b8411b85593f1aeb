{{ config(materialized='table') }}

{#- What each posting has of its document. -#}
{% set of_the_document = [
    'tenant_id', 'document_id', 'document_type', 'document_date', 'contact_id', 'document_label', 'currency_code',
] -%}

with documents as (

    select
        documents.{{ of_the_document | join(', documents.') }},
        -- 1 where money is to come or has come in. A manual journal has no side.
        case
            when documents.document_type = 'manual_journal' then 0
            when (documents.side = 'sales') <> documents.is_credit then 1
            else -1
        end as money_sign,
        documents.total,
        {{ to_base('documents.total', 'documents.currency_rate') }} as total_base,
        case
            when documents.side = 'sales' then system_accounts.debtors_account_id
            else system_accounts.creditors_account_id
        end as owed_account_id,
        case
            when documents.document_type in ('bank_transaction', 'prepayment', 'overpayment')
                then coalesce(documents.bank_account_id, 'none')
        end as money_account_id,
        system_accounts.gst_account_id,
        system_accounts.rounding_account_id
    from {{ ref('int_documents_unified') }} as documents
    inner join {{ ref('int_system_accounts_named') }} as system_accounts
        on documents.tenant_id = system_accounts.tenant_id
    where
        documents.is_posted
        and documents.document_type is not null
        and documents.document_date is not null
        and documents.currency_rate is not null

),

lines as (

    select
        *,
        case when side = 'sales' then -1 else 1 end as debit_sign
    from {{ ref('int_document_lines_tracked') }}
    where is_posted

),

lines_added_up as (

    select
        tenant_id,
        document_id,
        sum(debit_sign * net_amount) as net_amount,
        sum(debit_sign * tax_amount) as tax_amount,
        sum(debit_sign * net_amount_base) as net_amount_base,
        sum(debit_sign * tax_amount_base) as tax_amount_base,
        2 * count(*) as amount_count,
        count(net_amount_base) + count(tax_amount_base) as known_count
    from lines
    group by tenant_id, document_id

),

-- What is owed, or what came in or went out: a manual journal has neither.
totals as (

    select
        *,
        'total' as posting_kind,
        coalesce(money_account_id, owed_account_id) as account_id,
        money_sign * total as net_amount,
        money_sign * total_base as net_amount_base
    from documents
    where document_type <> 'manual_journal'

),

-- An overpayment stands on receivables or payables from the start, without tax, whatever its lines say.
overpaid as (

    select
        *,
        'overpaid' as posting_kind,
        owed_account_id as account_id,
        -money_sign * total as net_amount,
        -money_sign * total_base as net_amount_base
    from documents
    where document_type = 'overpayment'

),

sides as (

    select 'line' as posting_kind
    union all
    select 'tax' as posting_kind

),

line_sides as (

    select
        documents.{{ of_the_document | join(', documents.') }},
        sides.posting_kind,
        lines.line_id,
        case
            when sides.posting_kind = 'tax' then documents.gst_account_id
            else coalesce(lines.account_id, 'none')
        end as account_id,
        lines.debit_sign
        * case when sides.posting_kind = 'tax' then lines.tax_amount else lines.net_amount end as net_amount,
        lines.debit_sign
        * case when sides.posting_kind = 'tax' then lines.tax_amount_base else lines.net_amount_base end
            as net_amount_base,
        -- Only what the line itself carries: that is what Xero reports by.
        case
            when sides.posting_kind = 'line' and lines.analysis_2_source = 'line' then lines.analysis_2_option_id
        end as tracking_option_id_2,
        case when sides.posting_kind = 'line' and lines.analysis_2_source = 'line' then lines.analysis_2 end
            as tracking_option_2,
        case
            when sides.posting_kind = 'line' and lines.analysis_3_source = 'line' then lines.analysis_3_option_id
        end as tracking_option_id_3,
        case when sides.posting_kind = 'line' and lines.analysis_3_source = 'line' then lines.analysis_3 end
            as tracking_option_3
    from lines
    inner join documents
        on
            lines.tenant_id = documents.tenant_id
            and lines.document_id = documents.document_id
    cross join sides
    where documents.document_type <> 'overpayment'

),

-- Of each document, what its total and its lines come to, how many amounts they are and of how many the base amount is
-- known. The two sides of an overpayment are one amount.
added_up as (

    select
        documents.*,
        documents.money_sign * coalesce(documents.total, 0)
        + coalesce(lines_added_up.net_amount, 0)
        + coalesce(lines_added_up.tax_amount, 0) as net_amount,
        documents.money_sign * coalesce(documents.total_base, 0)
        + coalesce(lines_added_up.net_amount_base, 0)
        + coalesce(lines_added_up.tax_amount_base, 0) as net_amount_base,
        case when documents.document_type = 'manual_journal' then 0 else 1 end
        + coalesce(lines_added_up.amount_count, 0) as amount_count,
        case when documents.document_type = 'manual_journal' or documents.total_base is null then 0 else 1 end
        + coalesce(lines_added_up.known_count, 0) as known_count
    from documents
    left join lines_added_up
        on
            documents.tenant_id = lines_added_up.tenant_id
            and documents.document_id = lines_added_up.document_id
    where documents.document_type <> 'overpayment'

),

-- Each amount is rounded by itself, so that half a cent each is the most that rounding can leave. More than that is
-- something unread (a line without a readable amount, a document without lines): it is shown on no account.
left_over as (

    select
        *,
        'rounding' as posting_kind,
        case
            when abs(net_amount_base) <= 0.005 * amount_count and known_count = amount_count
                then rounding_account_id
            else 'none'
        end as account_id
    from added_up
    where net_amount_base <> 0

),

postings as (

    {% for kind, sign in [('totals', ''), ('overpaid', ''), ('line_sides', ''), ('left_over', '-')] %}
    {%- set is_line = kind == 'line_sides' %}
    select
        {{ of_the_document | join(', ') }},
        posting_kind,
        {{ 'line_id' if is_line else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as line_id,
        account_id,
        {{ sign }}net_amount as net_amount,
        {{ sign }}net_amount_base as net_amount_base,
        {{ ledger_tracking_columns() if is_line else no_ledger_tracking() }}
    from {{ kind }}
    where net_amount_base <> 0
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        tenant_id,
        document_type,
        {{ source_type_of('document_type') }} as source_type,
        document_id as source_id,
        posting_kind || coalesce('-' || line_id, '') as posting_id,
        posting_kind,
        line_id,
        document_date as posting_date,
        account_id,
        contact_id,
        document_label as description,
        currency_code,
        cast(net_amount as decimal(18, 4)) as net_amount,
        cast(net_amount_base as decimal(18, 4)) as net_amount_base,
        {{ ledger_tracking_columns() }}
    from postings

)

select * from final
