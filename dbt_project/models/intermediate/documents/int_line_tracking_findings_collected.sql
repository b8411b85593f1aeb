{#- Where at least so many posted lines of an account are tracked, one that is not looks forgotten. -#}
{%- set usual_share = 80 -%}
{%- set fewest_lines = 10 -%}

with lines as (

    select * from {{ ref('int_document_lines_tracked') }}
    where (is_posted or is_draft) and net_amount <> 0

),

documents as (

    select * from {{ ref('int_documents_unified') }}

),

tracking_options as (

    select * from {{ ref('stg_xero__tracking_options') }}

),

-- The day on which an option was first read as no longer in use; it may have been so before the first read.
archived_options as (

    select
        tenant_id,
        tracking_option_id,
        min(valid_from) as archived_at
    from {{ ref('stg_xero__tracking_option_versions') }}
    where is_deleted or option_status <> 'ACTIVE'
    group by tenant_id, tracking_option_id

),

slots as (

    select
        tenant_id,
        max(case when analysis_slot = 2 then tracking_category_name end) as category_name_2,
        max(case when analysis_slot = 3 then tracking_category_name end) as category_name_3
    from {{ ref('int_tracking_slots_bound') }}
    group by tenant_id

),

usual as (

    select
        tenant_id,
        side,
        account_id,
        {% for slot in [2, 3] %}
        count(*) >= {{ fewest_lines }}
        and count(analysis_{{ slot }}_option_id) * 100 >= count(*) * {{ usual_share }} as is_usual_{{ slot }},
        {% endfor %}
        count(*) as line_count
    from lines
    where is_posted
    group by tenant_id, side, account_id

),

untracked as (

    select
        lines.*,
        slots.category_name_2,
        slots.category_name_3,
        {% for slot in [2, 3] %}
        usual.is_usual_{{ slot }} and lines.analysis_{{ slot }}_option_id is null as is_missing_{{ slot }},
        {% endfor %}
        cast(null as timestamp) as configuration_seen_at
    from lines
    inner join usual
        on
            lines.tenant_id = usual.tenant_id
            and lines.side = usual.side
            and lines.account_id = usual.account_id
    inner join slots
        on lines.tenant_id = slots.tenant_id

),

missing as (

    select
        *,
        case
            when is_missing_2 and is_missing_3 then category_name_2 || ' and ' || category_name_3
            when is_missing_2 then category_name_2
            when is_missing_3 then category_name_3
        end as subject
    from untracked

),

-- On a line dated after the option went out of use, or on one that is still to be approved.
archived as (

    select
        lines.*,
        tracking_options.tracking_option_name as subject,
        archived_options.archived_at as configuration_seen_at,
        row_number() over (
            partition by lines.tenant_id, lines.document_id, lines.line_id
            order by tracking_options.tracking_option_name
        ) as place
    from lines
    inner join archived_options
        on
            lines.tenant_id = archived_options.tenant_id
            and archived_options.tracking_option_id in (
                case when lines.analysis_2_source = 'line' then lines.analysis_2_option_id end,
                case when lines.analysis_3_source = 'line' then lines.analysis_3_option_id end
            )
    inner join tracking_options
        on
            lines.tenant_id = tracking_options.tenant_id
            and archived_options.tracking_option_id = tracking_options.tracking_option_id
            and (tracking_options.is_deleted or tracking_options.option_status <> 'ACTIVE')
    where lines.is_draft or lines.document_date > cast(archived_options.archived_at as date)

),

findings as (

    select
        tenant_id,
        document_id,
        line_id,
        line_number,
        document_type,
        net_amount_base,
        configuration_seen_at,
        'tracking_missing' as rule,
        ' has no ' || subject || ', which most lines of its account have. Choose one in Xero.' as problem
    from missing
    where subject is not null
    union all
    select
        tenant_id,
        document_id,
        line_id,
        line_number,
        document_type,
        net_amount_base,
        configuration_seen_at,
        'archived_option_used' as rule,
        ' has the tracking option ' || subject || ', which is no longer in use. Choose another in Xero.' as problem
    from archived
    where place = 1

),

final as (

    select
        findings.tenant_id,
        findings.rule,
        'warning' as severity,
        findings.document_type || '_line' as record_type,
        findings.document_id || '/' || findings.line_id as record_id,
        documents.document_label || ', line ' || cast(findings.line_number as {{ dbt.type_string() }})
            as record_label,
        documents.document_label || ', line ' || cast(findings.line_number as {{ dbt.type_string() }})
        || findings.problem as message,
        findings.net_amount_base as amount_base,
        greatest(documents.extracted_at, coalesce(findings.configuration_seen_at, documents.extracted_at))
            as first_seen_at
    from findings
    inner join documents
        on
            findings.tenant_id = documents.tenant_id
            and findings.document_id = documents.document_id

)

select * from final
