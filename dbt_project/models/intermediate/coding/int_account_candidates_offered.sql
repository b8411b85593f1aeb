{{ config(materialized='table') }}

{#-
    Every account that something offers for a line, by level, with its place in the order of the
    coding rules, section 4. Levels that the role or the settings leave out are not offered.
-#}
{%- set text = dbt.type_string() -%}
{%- set line_key = outgoing_line_key() -%}

with lines as (

    select
        lines.*,
        policies.contact_level,
        policies.phase_level
    from {{ ref('int_outgoing_lines_roled') }} as lines
    left join {{ ref('int_coding_policies_set') }} as policies
        on
            lines.tenant_id = policies.tenant_id
            and lines.source_system = policies.source_system
    where lines.role <> 'TEXT'

),

of_source as (

    select
        *,
        nullif(trim(value), '') as code
    from {{ ref('int_outgoing_candidates') }}
    where attribute = 'account'

),

defaults as (

    select * from {{ ref('int_gl_defaults_bound') }}

),

contacts as (

    select
        documents.tenant_id,
        documents.source_system,
        documents.document_type,
        documents.document_id,
        contacts.sales_account_code,
        contacts.purchases_account_code
    from {{ ref('int_document_contacts_resolved') }} as documents
    inner join {{ ref('stg_xero__contacts') }} as contacts
        on
            documents.tenant_id = contacts.tenant_id
            and documents.contact_id = contacts.contact_id

),

offered as (

    {% for scope in ['line', 'document'] -%}
    select
        {{ key_of('lines', line_key) }},
        lines.role,
        lines.default_role,
        lines.contact_level,
        lines.phase_level,
        false as is_contra,
        of_source.level,
        of_source.code,
        of_source.side_of_override,
        1 as preference,
        cast(null as {{ text }}) as bound_account_id
    from lines
    inner join of_source
        on
            {{ same_key('lines', 'of_source', outgoing_document_key()) }}
            and {{ 'lines.line_id = of_source.line_id' if scope == 'line' else 'of_source.line_id is null' }}
    union all
    {% endfor -%}
    -- The contact's default in Xero stands behind the one that the source keeps for it.
    select
        {{ key_of('lines', line_key) }},
        lines.role,
        lines.default_role,
        lines.contact_level,
        lines.phase_level,
        false as is_contra,
        'contact' as level,
        case lines.side
            when 'sales' then nullif(trim(contacts.sales_account_code), '')
            else nullif(trim(contacts.purchases_account_code), '')
        end as code,
        case lines.side when 'sales' then 'sales' else 'cost' end as side_of_override,
        2 as preference,
        cast(null as {{ text }}) as bound_account_id
    from lines
    inner join contacts
        on {{ same_key('lines', 'contacts', outgoing_document_key()) }}
    where lines.role in ('REVENUE', 'EXPENSE')
    union all
    -- What leaves stock brings its item's expense account with it.
    select
        {{ key_of('lines', line_key) }},
        lines.role,
        lines.default_role,
        lines.contact_level,
        lines.phase_level,
        false as is_contra,
        'item_override' as level,
        nullif(trim(movements.account_code), '') as code,
        'cost' as side_of_override,
        1 as preference,
        cast(null as {{ text }}) as bound_account_id
    from lines
    inner join {{ ref('int_outgoing_stock_movements') }} as movements
        on
            lines.tenant_id = movements.tenant_id
            and lines.source_system = movements.source_system
            and lines.document_id = movements.document_id
            and lines.line_id = movements.movement_id
    where lines.document_type = 'cogs'
    union all
    select
        {{ key_of('lines', line_key) }},
        lines.role,
        lines.default_role,
        lines.contact_level,
        lines.phase_level,
        false as is_contra,
        'org_default' as level,
        defaults.stated_code as code,
        cast(null as {{ text }}) as side_of_override,
        case when defaults.role = lines.default_role then 1 else 2 end as preference,
        defaults.account_id as bound_account_id
    from lines
    inner join defaults
        on
            lines.tenant_id = defaults.tenant_id
            and (
                lines.default_role = defaults.role
                or (lines.default_role = 'delivery' and defaults.role = 'revenue')
            )
    union all
    select
        {{ key_of('lines', line_key) }},
        lines.role,
        lines.default_role,
        lines.contact_level,
        lines.phase_level,
        true as is_contra,
        'org_default' as level,
        defaults.stated_code as code,
        cast(null as {{ text }}) as side_of_override,
        1 as preference,
        defaults.account_id as bound_account_id
    from lines
    inner join defaults
        on
            lines.tenant_id = defaults.tenant_id
            and defaults.role = 'inventory'
    where lines.is_stock_pair

),

-- INVENTORY ignores the item's expense account, which is for purchases as expense and for cost of goods
-- sold; whether it would count on an adjustment is unknown, so it does not.
-- A delivery charge is no sale to the contact's kind of goods: it has a default of its own.
admitted as (

    select
        *,
        case
            when level = 'line' then 1
            when level = 'phase' then 3
            when level = 'contact' and contact_level = 'before_item' then 4
            when level = 'job' and contact_level = 'before_item' then 4
            when level = 'item_override' then 5
            when level = 'job' then 6
            when level = 'contact' then 7
            when level = 'org_default' then 8
        end as level_rank
    from offered
    where
        code is not null
        and (
            level in ('line', 'org_default')
            or (level = 'phase' and phase_level = 'on' and role in ('REVENUE', 'EXPENSE'))
            or (
                level = 'item_override'
                and (
                    (role = 'REVENUE' and coalesce(side_of_override, 'sales') = 'sales')
                    or (role in ('EXPENSE', 'COGS') and coalesce(side_of_override, 'cost') = 'cost')
                )
            )
            or (
                level in ('job', 'contact')
                and contact_level in ('on', 'before_item')
                and coalesce(default_role, 'none') <> 'delivery'
                and (
                    (role = 'REVENUE' and coalesce(side_of_override, 'sales') = 'sales')
                    or (role = 'EXPENSE' and coalesce(side_of_override, 'cost') = 'cost')
                )
            )
        )

),

numbered as (

    select
        *,
        row_number() over (
            partition by {{ line_key | join(', ') }}, is_contra, level
            order by preference, code
        ) as choice
    from admitted

),

final as (

    select
        {{ line_key | join(', ') }},
        role,
        is_contra,
        level,
        level_rank,
        code as stated_code,
        bound_account_id
    from numbered
    where choice = 1

)

select * from final
