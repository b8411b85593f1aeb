with cleared as (

    select * from {{ ref('int_settlements_cleared') }}
    where document_type in ('prepayment', 'overpayment')

),

postings as (

    select * from {{ ref('int_document_postings_derived') }}
    where document_type in ('prepayment', 'overpayment') and posting_kind <> 'total'

),

system_accounts as (

    select * from {{ ref('int_system_accounts_named') }}

),

-- Each use of an advance takes back its share of what the advance posted, the money apart.
shares as (

    select
        cleared.tenant_id,
        cleared.settlement_id,
        cleared.settlement_type,
        cleared.document_id,
        cleared.settled_on,
        cleared.is_final,
        postings.posting_id,
        postings.posting_kind,
        postings.line_id,
        postings.account_id,
        postings.contact_id,
        postings.description,
        postings.currency_code,
        postings.net_amount,
        postings.net_amount_base,
        {{ ledger_tracking_columns('postings') }},
        {{ to_base('cast(postings.net_amount_base * cleared.amount as ' ~ wide_decimal(8) ~ ')', 'cleared.total') }}
            as part_base,
        {{ to_base('cast(postings.net_amount * cleared.amount as ' ~ wide_decimal(8) ~ ')', 'cleared.total') }} as part
    from cleared
    inner join postings
        on
            cleared.tenant_id = postings.tenant_id
            and cleared.document_id = postings.source_id

),

taken as (

    select
        *,
        {% for part in ['part', 'part_base'] %}
        coalesce(
            sum({{ part }}) over (
                partition by tenant_id, document_id, posting_id
                order by settled_on, settlement_id
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as former_{{ part }},
        {% endfor %}
        -1 as reversed_sign
    from shares

),

-- The use that exhausts it takes back all that is left.
reversed as (

    select
        *,
        reversed_sign * case when is_final then net_amount - former_part else part end as reversed_net_amount,
        reversed_sign * case when is_final then net_amount_base - former_part_base else part_base end
            as reversed_net_amount_base
    from taken

),

-- The shares, each rounded by itself, against the share of the whole.
left_over as (

    select
        reversed.tenant_id,
        reversed.settlement_id,
        max(reversed.settlement_type) as settlement_type,
        reversed.document_id,
        max(reversed.settled_on) as settled_on,
        max(reversed.contact_id) as contact_id,
        max(reversed.description) as description,
        max(reversed.currency_code) as currency_code,
        max(case when cleared.side = 'sales' then cleared.cleared_base else -cleared.cleared_base end)
        - sum(reversed.reversed_net_amount_base) as net_amount_base
    from reversed
    inner join cleared
        on
            reversed.tenant_id = cleared.tenant_id
            and reversed.settlement_id = cleared.settlement_id
            and reversed.document_id = cleared.document_id
    group by reversed.tenant_id, reversed.settlement_id, reversed.document_id

),

final as (

    select
        tenant_id,
        settlement_id,
        settlement_type,
        document_id,
        settled_on,
        posting_id,
        posting_kind,
        line_id,
        account_id,
        contact_id,
        description,
        currency_code,
        cast(reversed_net_amount as decimal(18, 4)) as net_amount,
        cast(reversed_net_amount_base as decimal(18, 4)) as net_amount_base,
        {{ ledger_tracking_columns() }}
    from reversed
    where reversed_net_amount_base <> 0
    union all
    select
        left_over.tenant_id,
        left_over.settlement_id,
        left_over.settlement_type,
        left_over.document_id,
        left_over.settled_on,
        'share' as posting_id,
        'rounding' as posting_kind,
        cast(null as {{ dbt.type_string() }}) as line_id,
        system_accounts.rounding_account_id as account_id,
        left_over.contact_id,
        left_over.description,
        left_over.currency_code,
        cast(0 as decimal(18, 4)) as net_amount,
        cast(left_over.net_amount_base as decimal(18, 4)) as net_amount_base,
        {{ no_ledger_tracking() }}
    from left_over
    inner join system_accounts
        on left_over.tenant_id = system_accounts.tenant_id
    where left_over.net_amount_base <> 0

)

select * from final
