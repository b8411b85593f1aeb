{{ config(alias='prospect__sales_ledgers') }}

{#-
    Xero's codes on Prospect's customers: the default sales account as AnalysisCode, the tracking options
    of Analysis 2 and 3 as UserAnalysisCode1 and 2, and their names in the custom fields where those are
    blank, since a person may have chosen another there. A blank of Xero's overwrites nothing. Where Xero
    is a secondary connection, AnalysisCode is the primary system's and not written, and the others only
    where they are blank or hold what we wrote; all that Xero knows is in crm.customer_enrichment.
-#}
with connections as (

    select * from {{ ref('int_push_crm_connections_ruled') }}

),

-- What we wrote last.
written_before as (

    select
        tenant_id,
        record_key,
        payload
    from {{ ref('int_push_records_sent') }}
    where target = 'prospect' and entity = 'sales_ledgers' and is_confirmed

),

customers as (

    select * from {{ ref('int_prospect__customers_matched') }}
    where match_status = 'matched'

),

ledgers as (

    select * from {{ ref('stg_prospect__sales_ledgers') }}
    where not is_deleted and not coalesce(is_model_account, false)

),

texts as (

    select * from {{ ref('stg_prospect__sales_ledger_xtras') }}

),

contacts as (

    select * from {{ ref('customer_analysis') }}
    where contact_status = 'ACTIVE' and not is_template

),

codes as (

    select * from {{ ref('int_push_customer_codes_written') }}

),

{%- set categories = {} -%}
{%- for field, category in prospect_tracking_fields().items() -%}
    {%- do categories.update({'tracking_' ~ loop.index: category}) -%}
{%- endfor %}

named as (

    select
        {% for column, category in categories.items() -%}
        max(case when tracking_category_name = '{{ category }}' then tracking_option_name end) as {{ column }},
        {% endfor -%}
        tenant_id,
        contact_id
    from {{ ref('contact_tracking') }}
    where side = 'sales' and option_status = 'ACTIVE'
    group by tenant_id, contact_id

),

joined as (

    select
        customers.tenant_id,
        customers.ledger_key,
        customers.sales_ledger_id,
        customers.ledger_name,
        case when connections.role = 'primary' then contacts.sales_account_code end as sales_account_code,
        ledgers.analysis_code as held_analysis_code,
        {% for slot in [2, 3] -%}
        contacts.sales_analysis_{{ slot }} as option_{{ slot }},
        codes_{{ slot }}.code as raw_code_{{ slot }},
        case
            when
                not codes_{{ slot }}.is_too_long
                and codes_{{ slot }}.collides_with is null
                and (
                    connections.role = 'primary'
                    or nullif(ledgers.user_analysis_code_{{ slot - 1 }}, '') is null
                    or ledgers.user_analysis_code_{{ slot - 1 }}
                    = {{ json_text('written_before.payload', "'$.UserAnalysisCode" ~ (slot - 1) ~ "'") }}
                )
                then codes_{{ slot }}.code
        end as code_{{ slot }},
        coalesce(codes_{{ slot }}.is_too_long, false) as is_too_long_{{ slot }},
        codes_{{ slot }}.collides_with as collides_with_{{ slot }},
        ledgers.user_analysis_code_{{ slot - 1 }} as held_code_{{ slot }},
        {% endfor -%}
        {% for column in categories -%}
        nullif(texts.{{ column }}, '') as held_{{ column }},
        case
            when coalesce(nullif(texts.{{ column }}, ''), named.{{ column }}) = named.{{ column }}
                then named.{{ column }}
        end as {{ column }},
        {% endfor -%}
        versions.version_hash as held_version
    from customers
    inner join connections
        on customers.tenant_id = connections.tenant_id
    inner join ledgers
        on
            customers.tenant_id = ledgers.tenant_id
            and customers.ledger_key = ledgers.ledger_key
    inner join contacts
        on
            customers.tenant_id = contacts.tenant_id
            and customers.contact_id = contacts.contact_id
    left join written_before
        on
            customers.tenant_id = written_before.tenant_id
            and customers.sales_ledger_id = written_before.record_key
    left join texts
        on
            customers.tenant_id = texts.tenant_id
            and customers.ledger_key = texts.ledger_key
    left join named
        on
            customers.tenant_id = named.tenant_id
            and customers.contact_id = named.contact_id
    left join {{ ref('stg_push__held_versions') }} as versions
        on
            customers.tenant_id = versions.tenant_id
            and customers.ledger_key = versions.record_id
            and versions.record_type = 'prospect__sales_ledgers'
    {%- for slot in [2, 3] %}
    left join codes as codes_{{ slot }}
        on
            customers.tenant_id = codes_{{ slot }}.tenant_id
            and codes_{{ slot }}.analysis_slot = {{ slot }}
            and contacts.sales_analysis_{{ slot }} = codes_{{ slot }}.value
    {%- endfor %}

),

{%- set wanted = {'AnalysisCode': json_string('sales_account_code')} -%}
{%- set held = {'AnalysisCode': held_member('sales_account_code', json_string('held_analysis_code'))} -%}
{%- set findings = [] -%}
{%- for slot in [2, 3] -%}
    {%- set field = 'UserAnalysisCode' ~ (slot - 1) -%}
    {%- do wanted.update({field: json_string('code_' ~ slot)}) -%}
    {%- do held.update({field: held_member('code_' ~ slot, json_string('held_code_' ~ slot))}) -%}
    {%- do findings.append(push_finding('CODE_TOO_LONG', 'block', 'is_too_long_' ~ slot, {
        'value': 'option_' ~ slot, 'n': "'20'", 'field': "'" ~ field ~ "'", 'target': "'Prospect'",
    })) -%}
    {%- do findings.append(push_finding('CODE_COLLISION', 'block', 'collides_with_' ~ slot ~ ' is not null', {
        'value': 'option_' ~ slot, 'other': 'collides_with_' ~ slot, 'code': 'raw_code_' ~ slot,
        'field': "'" ~ field ~ "'", 'target': "'Prospect'",
    })) -%}
{%- endfor -%}
{%- set names, held_names = {}, {} -%}
{%- for field in prospect_tracking_fields() -%}
    {%- set column = 'tracking_' ~ loop.index -%}
    {%- do names.update({field: json_string(column)}) -%}
    {%- do held_names.update({field: held_member(column, json_string('held_' ~ column))}) -%}
{%- endfor -%}
{%- do wanted.update({'SalesLedgerXtras': "nullif(" ~ json_object_of(names) ~ ", '{}')"}) -%}
{%- do held.update({'SalesLedgerXtras': "nullif(" ~ json_object_of(held_names) ~ ", '{}')"}) %}

written as (

    select
        *,
        {{ json_object_of(wanted) }} as payload,
        {{ json_object_of(held) }} as held_payload
    from joined

),

records as (

    select
        tenant_id,
        sales_ledger_id as record_key,
        'update' as operation_hint,
        payload,
        'Customer ' || coalesce(ledger_name, sales_ledger_id) || ' in Prospect' as label,
        ledger_key as target_id,
        held_payload,
        held_version,
        {{ json_list_of(findings) }} as findings,
        {{ json_object_of({'contact_name': json_string('ledger_name')}) }} as facts,
        {{ json_nothing() }} as depends_on,
        'xero' as source_system,
        sales_ledger_id as source_record_id,
        payload as content
    from written
    where
        payload <> '{}'
        or is_too_long_2
        or is_too_long_3
        or collides_with_2 is not null
        or collides_with_3 is not null

),

{{ push_records('prospect', 'sales_ledgers', leaves_out=true) }}
