{#-
    What is found on the journals of cost of goods sold as a whole (line_id null) and on their lines;
    what is found on a single movement is with the other outgoing lines.
-#}
{%- set text = dbt.type_string() -%}
{%- set columns = [
    'tenant_id', 'source_system', 'document_type', 'document_id', 'line_id', 'severity', 'rule', 'message', 'remedy',
] -%}

with journals as (

    select
        *,
        'cogs' as document_type,
        cast(null as {{ text }}) as line_id,
        'The COGS journal of ' || {{ month_words('journal_month') }} as journal_words
    from {{ ref('int_stock_journals_planned') }}

),

-- A line was checked when its movements were coded; what they went out with long ago may be archived by now.
lines as (

    select
        *,
        'cogs' as document_type
    from {{ ref('int_stock_journal_pairs_sided') }}
    where action in ('create', 'update')

),

crowded as (

    select
        tenant_id,
        max(category_count) as category_count
    from {{ ref('int_tracking_categories_counted') }}
    where category_count > 2
    group by tenant_id

),

undated as (

    select
        movements.tenant_id,
        movements.source_system,
        calendars.organisation_name,
        calendars.stated_zone,
        count(*) as movement_count
    from {{ ref('int_stock_journal_movements_coded') }} as movements
    inner join {{ ref('int_stock_journal_calendars_set') }} as calendars
        on movements.tenant_id = calendars.tenant_id
    where
        movements.movement_status = 'undated'
        and movements.moved_at is not null
        and calendars.time_zone is null
    group by movements.tenant_id, movements.source_system, calendars.organisation_name, calendars.stated_zone

),

undated_movements as (

    select
        *,
        'cogs' as document_type,
        movement_id as line_id,
        'Stock movement ' || coalesce(item_code, movement_id) as movement_words
    from {{ ref('int_stock_journal_movements_coded') }}
    where movement_status = 'undated' and moved_at is null

),

found as (

    select
        {{ columns[:5] | join(', ') }},
        'hold' as severity,
        {{
            coding_finding(
                'JNL_HELD', {'journal': 'journal_words', 'n': 'cast(held_movement_count as ' ~ text ~ ')'}
            )
        }}
    from journals
    where held_movement_count > 0 and not is_locked
    union all
    select
        {{ columns[:5] | join(', ') }},
        'warn' as severity,
        {{
            coding_finding(
                'JNL_POSTED_CHANGED',
                {
                    'journal': 'journal_words',
                    'old': money_text('sent_amount'),
                    'new': money_text('desired_amount'),
                    'difference': money_text('difference'),
                    'change': "case action when 'void' then 'Void it' else 'Approve the change' end",
                },
            )
        }}
    from journals
    where is_person_needed
    union all
    select
        {{ columns[:5] | join(', ') }},
        'warn' as severity,
        {{ coding_finding('JNL_DRAFT_LOCKED', {'journal': 'journal_words'}) }}
    from journals
    where is_locked and sent_status = 'DRAFT'
    union all
    select
        {% for column in columns[:5] -%}
        journals.{{ column }},
        {% endfor -%}
        'block' as severity,
        {{
            coding_finding(
                'JNL_EDITED', {'journal': "'The COGS journal of ' || " ~ month_words('edited.journal_month')}
            )
        }}
    from journals
    inner join {{ ref('int_stock_journals_edited') }} as edited
        on
            journals.tenant_id = edited.tenant_id
            and journals.journal_month = edited.first_open_month
    union all
    select
        {% for column in columns[:5] -%}
        journals.{{ column }},
        {% endfor -%}
        'block' as severity,
        {{ coding_finding('TRK_TOO_MANY_CFG', {'n': 'cast(crowded.category_count as ' ~ text ~ ')'}) }}
    from journals
    inner join crowded
        on journals.tenant_id = crowded.tenant_id
    where journals.action in ('create', 'update')
    union all
    select
        {{ columns[:5] | join(', ') }},
        'block' as severity,
        {{
            coding_finding(
                'ACC_ARCHIVED', {'code': 'account_code', 'name': 'account_name', 'status': 'lower(xero_account_status)'}
            )
        }}
    from lines
    where account_status = 'archived'
    union all
    select
        {{ columns[:5] | join(', ') }},
        'block' as severity,
        {{ coding_finding('ACC_NO_CODE', {'name': 'account_name'}) }}
    from lines
    where account_status = 'blocked'
    union all
    select
        {{ columns[:5] | join(', ') }},
        'block' as severity,
        {{ coding_finding('ACC_UNKNOWN', {'code': 'account_id'}) }}
    from lines
    where account_status = 'unknown'
    {%- for slot in [2, 3] %}
    union all
    select
        {{ columns[:5] | join(', ') }},
        'block' as severity,
        {{
            coding_finding(
                'TRK_OPT_ARCHIVED',
                {
                    'option': 'coalesce(tracking_option_' ~ slot ~ ', tracking_option_id_' ~ slot ~ ')',
                    'category': 'coalesce(tracking_category_' ~ slot ~ ", 'Analysis " ~ slot ~ "')",
                },
            )
        }}
    from lines
    where tracking_status_{{ slot }} in ('archived', 'unknown')
    {%- endfor %}
    union all
    select
        tenant_id,
        source_system,
        'cogs' as document_type,
        'cogs-undated' as document_id,
        cast(null as {{ text }}) as line_id,
        'hold' as severity,
        {{
            coding_finding(
                'JNL_NO_ZONE',
                {
                    'n': 'cast(movement_count as ' ~ text ~ ')',
                    'zone': 'stated_zone',
                    'organisation': 'organisation_name',
                },
            )
        }}
    from undated
    union all
    select
        {{ columns[:5] | join(', ') }},
        'block' as severity,
        {{ coding_finding('DATE_MISSING', {'document': 'movement_words', 'source': system_name('source_system')}) }}
    from undated_movements

),

final as (

    select {{ columns | join(', ') }} from found

)

select * from final
