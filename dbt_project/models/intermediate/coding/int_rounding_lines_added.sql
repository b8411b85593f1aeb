{#-
    The line that makes a document's total what the source says it is: to the rounding account,
    without tax or tracking. If that account is missing or cannot be used, the finding of a line with
    the role ROUNDING says so.
-#}
{%- set document_key = outgoing_document_key() -%}

with totals as (

    select * from {{ ref('int_document_totals_compared') }}
    where rounding_amount <> 0

),

organisations as (

    select * from {{ ref('int_organisation_limits_read') }}

),

defaults as (

    select * from {{ ref('int_gl_defaults_bound') }}
    where role = 'rounding' and stated_code is not null

),

checked as (

    select * from {{ ref('int_account_roles_checked') }}
    where role = 'ROUNDING'

),

joined as (

    select
        {{ key_of('totals', document_key) }},
        totals.rounding_amount,
        case when organisations.country_code = 'AU' then 'BASEXCLUDED' else 'NONE' end as tax_type,
        defaults.stated_code,
        defaults.account_id,
        checked.account_code,
        checked.account_status,
        case
            when defaults.stated_code is null then 'ACC_UNRESOLVED'
            when defaults.account_id is null then 'ACC_UNKNOWN'
            else checked.rule
        end as rule,
        checked.message,
        checked.remedy
    from totals
    inner join organisations
        on totals.tenant_id = organisations.tenant_id
    left join defaults
        on totals.tenant_id = defaults.tenant_id
    left join checked
        on
            defaults.tenant_id = checked.tenant_id
            and defaults.account_id = checked.account_id

),

{%- set unresolved = {'role': "'rounding'", 'item': "'its item'"} %}
{%- set unknown = {'code': 'stated_code'} %}

final as (

    select
        {{ document_key | join(', ') }},
        'rounding' as line_id,
        rounding_amount,
        account_id,
        account_code,
        case when account_id is not null then 'org_default' end as account_level,
        case rule
            when 'ACC_UNRESOLVED' then 'blocked'
            when 'ACC_UNKNOWN' then 'unknown'
            else account_status
        end as account_status,
        tax_type,
        rule,
        case when rule is not null then 'block' end as severity,
        case rule
            when 'ACC_UNRESOLVED' then {{ coding_message('ACC_UNRESOLVED', unresolved) }}
            when 'ACC_UNKNOWN' then {{ coding_message('ACC_UNKNOWN', unknown) }}
            else message
        end as message,
        case rule
            when 'ACC_UNRESOLVED' then {{ coding_remedy('ACC_UNRESOLVED', unresolved) }}
            when 'ACC_UNKNOWN' then {{ coding_remedy('ACC_UNKNOWN', unknown) }}
            else remedy
        end as remedy
    from joined

)

select * from final
