{#- Each rule stands in one of these; a value that could not be typed is found where it is typed. -#}
{%- set findings = [
    'int_item_findings_collected',
    'int_account_findings_collected',
    'int_settlement_findings_collected',
    'int_ledger_findings_collected',
    'int_document_findings_collected',
    'int_line_findings_collected',
    'int_tracking_findings_collected',
    'int_push_findings_collected',
    'int_open_document_findings_collected',
    'int_bill_findings_collected',
    'int_contact_findings_collected',
    'int_line_coding_findings_collected',
    'int_line_tracking_findings_collected',
] -%}
{%- set columns = ['tenant_id', 'system', 'record_type', 'record_id', 'field', 'raw_value', 'extracted_at'] -%}

with untyped as (

    select
        {{ columns | join(', ') }}
    from {{ ref('stg_quality__typing_failures') }}
    union all
    select
        {{ columns | join(', ') }}
    from {{ ref('int_source_typing_failures_collected') }}

),

-- "invoice 12" of Xero, "WorkGuru invoice 12" of another.
typing_failures as (

    select
        *,
        case
            when system = 'xero' then replace(record_type, '_', ' ')
            else {{ system_name('system') }} || ' ' || replace(substring(record_type, length(system) + 2), '_', ' ')
        end || ' ' || record_id as record_words,
        case when system = 'xero' then 'Xero documents' else 'is expected there' end as kind_words,
        count(*) over (partition by tenant_id, system, record_type, record_id) as failure_count,
        row_number() over (partition by tenant_id, system, record_type, record_id order by field) as place
    from untyped

),

values_not_typed as (

    select
        tenant_id,
        'value_not_typed' as rule,
        'error' as severity,
        record_type,
        record_id,
        case when system = 'xero' then record_id else record_words end as record_label,
        'Field ' || field || ' of ' || record_words || ' holds '
        || coalesce(raw_value, 'a value') || ', which is not of the kind that ' || kind_words
        || case
            when failure_count > 1
                then ' (and ' || cast(failure_count - 1 as {{ dbt.type_string() }}) || ' more of its fields)'
            else ''
        end
        || '. It is left empty in the tables. Correct the record at its source.' as message,
        cast(null as decimal(18, 4)) as amount_base,
        extracted_at as first_seen_at
    from typing_failures
    where place = 1

),

collected as (

    {% for finding in findings %}
    select * from {{ ref(finding) }}
    union all
    {% endfor %}
    select * from values_not_typed

),

final as (

    select
        tenant_id,
        rule,
        severity,
        record_type,
        record_id,
        record_label,
        message,
        cast(amount_base as decimal(18, 4)) as amount_base,
        cast(first_seen_at as timestamp) as first_seen_at
    from collected

)

select * from final
