{%- set columns = outgoing_line_key() + ['severity', 'rule', 'message', 'remedy'] -%}

with found as (

    select
        {{ columns | join(', ') }}
    from {{ ref('int_outgoing_findings_collected') }}
    union all
    select
        {{ columns | join(', ') }}
    from {{ ref('int_stock_journal_findings_collected') }}

),

documents as (

    select
        {{ outgoing_document_key() | join(', ') }},
        side,
        document_number
    from {{ ref('int_outgoing_documents') }}
    union all
    select
        {{ outgoing_document_key() | join(', ') }},
        side,
        document_number
    from {{ ref('int_stock_journal_documents') }}
    where document_type = 'cogs'

),

-- Of adjustments and stock takes, findings are on the line that the source has, which the cost account's side is.
lines as (

    select
        {{ outgoing_line_key() | join(', ') }},
        item_code,
        line_number,
        document_type = 'cogs' as is_movement
    from {{ ref('int_outgoing_lines_roled') }}
    union all
    select
        {{ outgoing_line_key() | join(', ') }},
        item_code,
        line_number,
        false as is_movement
    from {{ ref('int_stock_journal_lines') }}
    where document_type = 'cogs'

),

of_documents as (

    select
        found.tenant_id,
        found.source_system,
        found.document_type,
        found.document_id,
        found.line_id,
        case
            when found.line_id is null then 'document'
            when lines.is_movement then 'stock_movement'
            else 'line'
        end as record_type,
        found.document_id || coalesce('/' || found.line_id, '') as record_id,
        case
            when lines.is_movement then 'Stock movement ' || coalesce(lines.item_code, found.line_id)
            else
                {{
                    document_words('found.document_type', 'documents.side', 'documents.document_number', 'found.document_id')
                }}
                || coalesce(', line ' || cast(lines.line_number as {{ dbt.type_string() }}), '')
        end as record_label,
        found.rule,
        found.severity,
        found.message,
        found.remedy
    from found
    left join documents
        on
            found.tenant_id = documents.tenant_id
            and found.source_system = documents.source_system
            and found.document_type = documents.document_type
            and found.document_id = documents.document_id
    left join lines
        on
            found.tenant_id = lines.tenant_id
            and found.source_system = lines.source_system
            and found.document_type = lines.document_type
            and found.document_id = lines.document_id
            and found.line_id = lines.line_id

),

of_configuration as (

    select
        tenant_id,
        source_system,
        cast(null as {{ dbt.type_string() }}) as document_type,
        cast(null as {{ dbt.type_string() }}) as document_id,
        cast(null as {{ dbt.type_string() }}) as line_id,
        record_type,
        record_id,
        record_label,
        rule,
        severity,
        message,
        remedy
    from {{ ref('int_configuration_findings_collected') }}

),

collected as (

    select * from of_documents
    union all
    select * from of_configuration

),

final as (

    select distinct
        tenant_id,
        {{
            sha256_hex(
                "coalesce(source_system, '') || '|' || coalesce(document_type, '') || '|' || record_type || '|' "
                ~ "|| record_id || '|' || rule || '|' || message"
            )
        }} as exception_id,
        source_system,
        document_type,
        document_id,
        line_id,
        record_type,
        record_id,
        record_label,
        rule,
        severity,
        message,
        remedy
    from collected

)

select * from final
