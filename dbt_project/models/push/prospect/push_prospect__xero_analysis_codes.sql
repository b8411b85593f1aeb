{{ config(alias='prospect__xero_analysis_codes') }}

{#-
    Xero's accounts of income and cost in Prospect's list of analysis codes. One that is archived in Xero
    is marked as obsolete, never deleted: customers and products may still bear it.
-#}
with connections as (

    select * from {{ ref('int_push_crm_connections_ruled') }}
    where role = 'primary'

),

-- A code that was used again is the account in use.
accounts as (

    select *
    from (
        select
            *,
            account_status = 'ACTIVE' and not is_deleted as is_in_use,
            row_number() over (
                partition by tenant_id, account_code
                order by case when account_status = 'ACTIVE' and not is_deleted then 0 else 1 end, account_id
            ) as choice
        from {{ ref('stg_xero__accounts') }}
        where account_code is not null and account_class in ('REVENUE', 'EXPENSE')
    ) as ranked
    where choice = 1 and coalesce(system_account, '') = ''

),

held_codes as (

    select * from {{ ref('stg_prospect__xero_analysis_codes') }}

),

joined as (

    select
        connections.tenant_id,
        connections.operating_company,
        accounts.account_code,
        accounts.account_id,
        left({{ tidy_text('accounts.account_name') }}, 100) as account_name,
        accounts.is_in_use,
        held_codes.code_key,
        held_codes.analysis_name as held_name,
        coalesce(held_codes.is_obsolete, false) as is_obsolete,
        versions.version_hash as held_version
    from connections
    inner join accounts
        on connections.tenant_id = accounts.tenant_id
    left join held_codes
        on
            connections.tenant_id = held_codes.tenant_id
            and connections.operating_company = held_codes.operating_company
            and accounts.account_code = held_codes.analysis_code
    left join {{ ref('stg_push__held_versions') }} as versions
        on
            held_codes.tenant_id = versions.tenant_id
            and held_codes.code_key = versions.record_id
            and versions.record_type = 'prospect__xero_analysis_codes'
    where accounts.is_in_use or held_codes.code_key is not null

),

{%- set key = {
    'Code': json_string('account_code'),
    'OperatingCompanyCode': json_string('operating_company'),
} -%}
{%- set wanted = dict(key, **{
    'Name': json_string('account_name'),
    'Obsolete': "case when code_key is not null then case when is_in_use then '0' else '1' end end",
}) -%}
{%- set held = dict(key, **{
    'Name': json_string('held_name'),
    'Obsolete': "case when is_obsolete then '1' else '0' end",
}) %}

written as (

    select
        *,
        {{ json_object_of(wanted) }} as payload
    from joined

),

records as (

    select
        tenant_id,
        account_code as record_key,
        case when code_key is null then 'create' else 'update' end as operation_hint,
        payload,
        'Analysis code ' || account_code || ' in Prospect' as label,
        code_key as target_id,
        case when code_key is not null then {{ json_object_of(held) }} end as held_payload,
        held_version,
        {{ json_nothing() }} as findings,
        {{ json_object_of({'account_code': json_string('account_code')}) }} as facts,
        {{ json_nothing() }} as depends_on,
        'xero' as source_system,
        account_id as source_record_id,
        payload as content
    from written

),

{{ push_records('prospect', 'xero_analysis_codes') }}
