{%- set kind_words -%}
case unknown.kind
    when 'account_code' then 'account'
    when 'account_id' then 'account'
    when 'tax_type' then 'tax type'
    when 'category_id' then 'tracking category'
    when 'category_name' then 'tracking category'
    when 'option_id' then 'tracking option'
    when 'option_name' then 'tracking option'
    else 'contact'
end
{%- endset -%}
{%- set named = {
    'file': 'unknown.settings_file',
    'value': 'unknown.value',
    'kind': kind_words,
    'organisation': "coalesce(organisations.organisation_name, 'any organisation')",
    'column': 'unknown.column_name',
    'row': 'unknown.record_id',
    'nearest': "coalesce('The nearest is ' || unknown.nearest || '. ', '')",
} -%}

with unknown as (

    select * from {{ ref('int_settings_references_unknown') }}

),

organisations as (

    select * from {{ ref('int_organisation_limits_read') }}

),

names as (

    select
        unknown.tenant_id,
        unknown.settings_file,
        unknown.record_id,
        unknown.settings_file || '.csv, ' || unknown.column_name as record_label,
        'warn' as severity,
        {{ configuration_finding('NAME_UNKNOWN', named) }}
    from unknown
    left join organisations
        on unknown.tenant_id = organisations.tenant_id
    where unknown.kind <> 'organisation'
    union all
    select
        unknown.tenant_id,
        unknown.settings_file,
        unknown.record_id,
        unknown.settings_file || '.csv, ' || unknown.column_name as record_label,
        'warn' as severity,
        {{ configuration_finding('ORGANISATION_UNKNOWN', named) }}
    from unknown
    where unknown.kind = 'organisation'

),

{%- set columns = 'tenant_id, settings_file, record_id, record_label, severity, rule, message, remedy' %}

collected as (

    select {{ columns }} from names
    union all
    select {{ columns | replace('settings_file', "'gl_defaults' as settings_file") }}
    from {{ ref('int_configuration_defaults_checked') }}
    union all
    select {{ columns }} from {{ ref('int_configuration_taxes_checked') }}
    union all
    select {{ columns }} from {{ ref('int_configuration_tracking_checked') }}
    union all
    select {{ columns | replace('settings_file', "'template_contacts' as settings_file") }}
    from {{ ref('int_configuration_templates_checked') }}
    union all
    select {{ columns | replace('settings_file', "'coding_policy' as settings_file") }}
    from {{ ref('int_configuration_policies_checked') }}

),

final as (

    select distinct
        collected.tenant_id,
        {{
            sha256_hex(
                "collected.settings_file || '|' || collected.record_id || '|' || collected.rule || '|' "
                ~ "|| collected.message"
            )
        }} as finding_id,
        organisations.organisation_name,
        collected.settings_file,
        collected.record_id,
        collected.record_label,
        collected.rule,
        collected.severity,
        collected.message,
        collected.remedy
    from collected
    left join organisations
        on collected.tenant_id = organisations.tenant_id

)

select * from final
