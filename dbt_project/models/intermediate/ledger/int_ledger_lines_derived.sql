{%- set columns = [
    'tenant_id', 'source_type', 'source_id', 'posting_id', 'posting_date', 'account_id', 'contact_id', 'description',
    'currency_code', 'net_amount', 'net_amount_base',
] -%}
{#- Not in the join itself: a condition on one side makes DuckDB compare every posting with every line. -#}
{%- set posted_line = "case when posting_kind = 'line' then line_id end as posted_line_id" -%}

with postings as (

    select
        {{ columns | join(', ') }},
        source_id as document_id,
        {{ posted_line }}
    from {{ ref('int_document_postings_derived') }}
    union all
    select
        {{ columns | join(', ') }},
        document_id,
        {{ posted_line }}
    from {{ ref('int_settlement_postings_derived') }}
    union all
    select
        {{ columns | join(', ') }},
        source_id as document_id,
        cast(null as {{ dbt.type_string() }}) as posted_line_id
    from {{ ref('int_transfer_postings_derived') }}

),

lines as (

    select * from {{ ref('int_document_lines_tracked') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

final as (

    select
        postings.tenant_id,
        postings.source_type,
        postings.source_id,
        postings.posting_id,
        postings.posting_date,
        postings.account_id,
        accounts.account_code,
        accounts.account_name,
        accounts.account_class,
        accounts.account_type,
        postings.contact_id,
        postings.description,
        postings.currency_code,
        postings.net_amount,
        postings.net_amount_base,
        -- Only what the line itself carries: that is what Xero reports by.
        {% for slot in [2, 3] %}
        case when lines.analysis_{{ slot }}_source = 'line' then lines.analysis_{{ slot }}_option_id end
            as tracking_option_id_{{ slot }},
        case when lines.analysis_{{ slot }}_source = 'line' then lines.analysis_{{ slot }} end
            as tracking_option_{{ slot }},
        {% endfor %}
        'documents' as basis
    from postings
    left join accounts
        on
            postings.tenant_id = accounts.tenant_id
            and postings.account_id = accounts.account_id
    left join lines
        on
            postings.tenant_id = lines.tenant_id
            and postings.document_id = lines.document_id
            and postings.posted_line_id = lines.line_id

)

select * from final
