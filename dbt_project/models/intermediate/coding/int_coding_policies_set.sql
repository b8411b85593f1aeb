{{ config(materialized='table') }}

with organisations as (

    select * from {{ ref('stg_xero__organisations') }}
    where not is_deleted

),

systems as (

    {% for system in source_systems() -%}
    select
        '{{ system }}' as source_system,
        {% for policy, default in coding_policies().items() -%}
        '{{ default if default is string else default.get(system, 'off') }}' as {{ policy }}{{ ',' if not loop.last }}
        {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

stated as (

    select
        tenant_id,
        lower(trim(policy)) as policy,
        lower(trim(value)) as value
    from {{ ref('stg_settings__coding_policy') }}
    where not is_deleted

),

-- The organisation's row before that of all, and among those the system's before that of all systems.
ranked as (

    select
        organisations.tenant_id,
        systems.source_system,
        stated.policy,
        stated.value,
        row_number() over (
            partition by
                organisations.tenant_id,
                systems.source_system,
                case
                    when stated.policy like '%.' || systems.source_system
                        then replace(stated.policy, '.' || systems.source_system, '')
                    else stated.policy
                end
            order by
                case when stated.tenant_id = '*' then 1 else 0 end,
                case when stated.policy like '%.' || systems.source_system then 0 else 1 end
        ) as choice
    from organisations
    cross join systems
    inner join stated
        on stated.tenant_id in (organisations.tenant_id, '*')

),

chosen as (

    select
        tenant_id,
        source_system,
        {% for policy in coding_policies() -%}
        max(
            case when policy in ('{{ policy }}', '{{ policy }}.' || source_system) then value end
        ) as {{ policy }}{{ ',' if not loop.last }}
        {% endfor %}
    from ranked
    where choice = 1
    group by tenant_id, source_system

),

final as (

    select
        organisations.tenant_id,
        systems.source_system,
        {% for policy in coding_policies() -%}
        {%- set decided = 'coalesce(chosen.' ~ policy ~ ', systems.' ~ policy ~ ')' -%}
        {{
            'coalesce(' ~ cast_or_null(decided, 'decimal(18, 4)') ~ ', 0)' if policy == 'rounding_limit' else decided
        }} as {{ policy }}{{ ',' if not loop.last }}
        {% endfor %}
    from organisations
    cross join systems
    left join chosen
        on
            organisations.tenant_id = chosen.tenant_id
            and systems.source_system = chosen.source_system

)

select * from final
