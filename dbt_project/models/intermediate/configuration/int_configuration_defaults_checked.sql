{#-
    The organisation's default accounts against its chart of accounts: is there one for each role, may
    it be used, and does its cost reach the cost of sales.
-#}
{%- set roles = {
    'revenue': ('REVENUE', 'sales', 'block'),
    'delivery': ('REVENUE', 'delivery charges', none),
    'expense': ('EXPENSE', 'expenses', 'block'),
    'inventory': ('INVENTORY', 'stock on hand', 'block'),
    'cogs': ('COGS', 'cost of goods sold', 'block'),
    'rounding': ('ROUNDING', 'rounding', 'warn'),
} -%}
with organisations as (

    select * from {{ ref('int_organisation_limits_read') }}

),

roles as (

    {% for role, (ledger_role, words, severity) in roles.items() -%}
    select
        '{{ role }}' as role,
        '{{ ledger_role }}' as ledger_role,
        '{{ words }}' as role_words,
        {{ "'" ~ severity ~ "'" if severity else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as missing_severity
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

defaults as (

    select
        organisations.tenant_id,
        organisations.organisation_name,
        roles.role,
        roles.ledger_role,
        roles.role_words,
        roles.missing_severity,
        bound.stated_code,
        bound.account_id,
        accounts.account_code,
        accounts.account_name,
        accounts.account_type
    from organisations
    cross join roles
    left join {{ ref('int_gl_defaults_bound') }} as bound
        on
            organisations.tenant_id = bound.tenant_id
            and roles.role = bound.role
    left join {{ ref('stg_xero__accounts') }} as accounts
        on
            bound.tenant_id = accounts.tenant_id
            and bound.account_id = accounts.account_id

),

checked as (

    select * from {{ ref('int_account_roles_checked') }}

),

{%- set account = {'code': 'account_code', 'name': 'account_name', 'type': 'account_type'} %}

final as (

    select
        tenant_id,
        role as record_id,
        organisation_name || ', default of ' || role_words as record_label,
        missing_severity as severity,
        {{ configuration_finding('DEFAULT_MISSING', {'organisation': 'organisation_name', 'role': 'role_words'}) }}
    from defaults
    where stated_code is null and missing_severity is not null
    union all
    select
        defaults.tenant_id,
        defaults.role as record_id,
        defaults.organisation_name || ', default of ' || defaults.role_words as record_label,
        'block' as severity,
        checked.rule,
        checked.message,
        checked.remedy
    from defaults
    inner join checked
        on
            defaults.tenant_id = checked.tenant_id
            and defaults.account_id = checked.account_id
            and defaults.ledger_role = checked.role
    where checked.rule is not null
    {% for role, rule in [('expense', 'EXPENSE_NOT_DIRECT_COST'), ('cogs', 'COGS_NOT_DIRECT_COST')] %}
    union all
    select
        tenant_id,
        role as record_id,
        organisation_name || ', default of ' || role_words as record_label,
        '{{ 'block' if role == 'cogs' else 'warn' }}' as severity,
        {{ configuration_finding(rule, account) }}
    from defaults
    where role = '{{ role }}' and account_id is not null and account_type <> 'DIRECTCOSTS'
    {% endfor %}
)

select * from final
