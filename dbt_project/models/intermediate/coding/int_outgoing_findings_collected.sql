{{ config(materialized='table') }}

{#-
    Everything found on documents and lines that are due and neither sent nor skipped: what is not to
    be sent now is shown as such, and is no error. A line_id of null is the document as a whole.
-#}
{%- set document_key = outgoing_document_key() -%}
{%- set line_findings = [
    'int_account_line_findings_collected',
    'int_tracking_line_findings_collected',
    'int_amount_line_findings_collected',
] -%}
{%- set columns = document_key + ['line_id', 'severity', 'rule', 'message', 'remedy'] -%}

with found as (

    {% for model in line_findings -%}
    select {{ columns | join(', ') }} from {{ ref(model) }}
    union all
    {% endfor -%}
    {% for model in ['int_line_taxes_resolved', 'int_rounding_lines_added'] -%}
    select {{ columns | join(', ') }} from {{ ref(model) }}
    where rule is not null
    union all
    {% endfor -%}
    select
        {{ document_key | join(', ') }},
        cast(null as {{ dbt.type_string() }}) as line_id,
        severity,
        rule,
        message,
        remedy
    from {{ ref('int_outgoing_document_findings_collected') }}

),

to_send as (

    select
        {{ document_key | join(', ') }},
        cast(null as {{ dbt.type_string() }}) as line_id
    from {{ ref('int_outgoing_documents') }}
    where is_due and not is_sent and not is_skipped
    union all
    -- Stock movements have no document of their own: each is due by itself.
    select
        {{ document_key | join(', ') }},
        line_id
    from {{ ref('int_outgoing_lines_roled') }}
    where is_to_send and document_type = 'cogs'

),

final as (

    select
        {{ key_of('found', columns) }}
    from found
    inner join to_send
        on
            {{ same_key('found', 'to_send', document_key) }}
            and (to_send.line_id is null or found.line_id = to_send.line_id)

)

select * from final
