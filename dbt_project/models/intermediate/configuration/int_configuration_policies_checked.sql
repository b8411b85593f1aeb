{#-
    The rows of coding_policy.csv: is there such a policy, can it have that value; and whether the stock
    journals have a first month, without which months are journalled that were journalled already.
-#}
{%- set text = dbt.type_string() -%}
{%- set values = coding_policy_values() -%}

with organisations as (

    select * from {{ ref('int_organisation_limits_read') }}

),

-- "payments_off.workguru" is the policy payments_off.
stated as (

    select
        tenant_id,
        record_id,
        trim(policy) as stated_policy,
        trim(value) as stated_value,
        lower(trim(value)) as value,
        case
            {% for system in source_systems() -%}
            when lower(trim(policy)) like '%.{{ system }}' then replace(lower(trim(policy)), '.{{ system }}', '')
            {% endfor -%}
            else lower(trim(policy))
        end as policy
    from {{ ref('stg_settings__coding_policy') }}
    where not is_deleted

),

judged as (

    select
        *,
        policy in ('{{ values.keys() | join("', '") }}') as is_known,
        case policy
            {% for policy, allowed in values.items() -%}
            when '{{ policy }}'
                then
                    {% if allowed == 'month' -%}
                    {{ policy_month('value') }} is not null
                    {%- elif allowed == 'amount' -%}
                    {{ cast_or_null('value', 'decimal(18, 4)') }} >= 0
                    {%- else -%}
                    value in ('{{ allowed | join("', '") }}')
                    {%- endif %}
            {% endfor %}
        end as is_value_known,
        case policy
            {% for policy, allowed in values.items() -%}
            when '{{ policy }}'
                then '{{ {'month': 'a month such as 2025-04', 'amount': 'an amount'}[allowed] if allowed is string else allowed | join(', ') }}'
            {% endfor %}
        end as values_words
    from stated

),

-- The first day of what would be journalled without a start.
unstarted as (

    select
        movements.tenant_id,
        movements.source_system,
        organisations.organisation_name,
        min(cast(movements.moved_at as date)) as first_day
    from {{ ref('int_outgoing_stock_movements') }} as movements
    inner join organisations
        on movements.tenant_id = organisations.tenant_id
    inner join {{ ref('int_coding_policies_set') }} as policies
        on
            movements.tenant_id = policies.tenant_id
            and movements.source_system = policies.source_system
    where movements.is_due and policies.stock_journals = 'on' and policies.stock_journals_from = ''
    group by movements.tenant_id, movements.source_system, organisations.organisation_name

),

final as (

    select
        tenant_id,
        record_id,
        'coding_policy.csv, policy' as record_label,
        'block' as severity,
        {{ configuration_finding('POLICY_UNKNOWN', {'policy': 'stated_policy', 'row': 'record_id'}) }}
    from judged
    where not is_known
    union all
    select
        tenant_id,
        record_id,
        'coding_policy.csv, value' as record_label,
        'block' as severity,
        {{
            configuration_finding(
                'POLICY_VALUE',
                {'policy': 'stated_policy', 'value': 'stated_value', 'values': 'values_words', 'row': 'record_id'},
            )
        }}
    from judged
    where is_known and not coalesce(is_value_known, false)
    union all
    select
        tenant_id,
        'stock_journals_from' as record_id,
        organisation_name as record_label,
        'warn' as severity,
        {{
            configuration_finding(
                'JOURNALS_FROM_MISSING',
                {
                    'day': 'cast(first_day as ' ~ text ~ ')',
                    'system': system_name('source_system'),
                    'organisation': 'organisation_name',
                },
            )
        }}
    from unstarted

)

select * from final
