{{ config(materialized='table') }}

{#-
    Every tax that something offers for a line, in Xero's own order on invoices, bills and credit notes:
    line, contact, item, account, organisation. So a zero-rated export customer is not charged because
    of the product. The first that is present wins, even if nothing says what it is in Xero. Stock
    journals, roundings and organisations that are not registered ask none of this.
-#}
{%- set line_key = outgoing_line_key() -%}
{%- set levels = ['line', 'transaction', 'contact', 'item_override', 'account', 'org_default'] -%}

with lines as (

    select lines.*
    from {{ ref('int_outgoing_lines_roled') }} as lines
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on lines.tenant_id = organisations.tenant_id
    where lines.role in ('REVENUE', 'EXPENSE', 'INVENTORY') and organisations.is_tax_registered

),

of_source as (

    select
        *,
        nullif(trim(value), '') as stated_tax
    from {{ ref('int_outgoing_candidates') }}
    where attribute = 'tax'

),

contacts as (

    select
        documents.tenant_id,
        documents.source_system,
        documents.document_type,
        documents.document_id,
        contacts.accounts_receivable_tax_type,
        contacts.accounts_payable_tax_type
    from {{ ref('int_document_contacts_resolved') }} as documents
    inner join {{ ref('stg_xero__contacts') }} as contacts
        on
            documents.tenant_id = contacts.tenant_id
            and documents.contact_id = contacts.contact_id

),

items as (

    select * from {{ ref('stg_xero__items') }}
    where not is_deleted

),

accounts as (

    select * from {{ ref('int_line_accounts_resolved') }}

),

defaults as (

    select * from {{ ref('int_gl_defaults_bound') }}
    where role in ('revenue', 'expense')

),

offered as (

    {% for scope in ['line', 'document'] -%}
    select
        {{ key_of('lines', line_key) }},
        lines.side,
        of_source.level,
        case when of_source.level = 'contact' then 2 else 1 end as preference,
        of_source.stated_tax,
        of_source.value_kind = 'source_tax_code' as is_source_code
    from lines
    inner join of_source
        on
            {{ same_key('lines', 'of_source', outgoing_document_key()) }}
            and {{ 'lines.line_id = of_source.line_id' if scope == 'line' else 'of_source.line_id is null' }}
    union all
    {% endfor -%}
    select
        {{ key_of('lines', line_key) }},
        lines.side,
        'contact' as level,
        1 as preference,
        nullif(
            case lines.side
                when 'sales' then contacts.accounts_receivable_tax_type
                else contacts.accounts_payable_tax_type
            end,
            ''
        ) as stated_tax,
        false as is_source_code
    from lines
    inner join contacts
        on {{ same_key('lines', 'contacts', outgoing_document_key()) }}
    union all
    select
        {{ key_of('lines', line_key) }},
        lines.side,
        'item_override' as level,
        2 as preference,
        nullif(
            case lines.side when 'sales' then items.sales_tax_type else items.purchase_tax_type end, ''
        ) as stated_tax,
        false as is_source_code
    from lines
    inner join items
        on
            lines.tenant_id = items.tenant_id
            and lines.item_code = items.item_code
    union all
    select
        {{ key_of('lines', line_key) }},
        lines.side,
        'account' as level,
        1 as preference,
        nullif(accounts.account_tax_type, '') as stated_tax,
        false as is_source_code
    from lines
    inner join accounts
        on {{ same_key('lines', 'accounts', line_key) }}
    union all
    select
        {{ key_of('lines', line_key) }},
        lines.side,
        'org_default' as level,
        1 as preference,
        defaults.tax_type as stated_tax,
        false as is_source_code
    from lines
    inner join defaults
        on
            lines.tenant_id = defaults.tenant_id
            and defaults.role = case lines.side when 'sales' then 'revenue' else 'expense' end

),

-- The organisation's own mapping goes before that of all organisations.
mappings as (

    select
        organisations.tenant_id,
        lower(trim(mappings.source_system)) as source_system,
        lower(trim(mappings.source_tax_code)) as source_tax_code,
        mappings.side,
        trim(mappings.xero_tax_type) as xero_tax_type,
        row_number() over (
            partition by
                organisations.tenant_id,
                lower(trim(mappings.source_system)),
                lower(trim(mappings.source_tax_code)),
                mappings.side
            order by case when mappings.tenant_id = '*' then 1 else 0 end, mappings.first_seen_at
        ) as choice
    from {{ ref('int_organisation_limits_read') }} as organisations
    inner join {{ ref('stg_settings__tax_mappings') }} as mappings
        on mappings.tenant_id in (organisations.tenant_id, '*')
    where not mappings.is_deleted

),

mapped as (

    select
        offered.*,
        case when offered.is_source_code then mappings.xero_tax_type else offered.stated_tax end as tax_type,
        case offered.level
            {% for level in levels -%}
            when '{{ level }}' then {{ loop.index }}
            {% endfor %}
        end as level_rank
    from offered
    left join mappings
        on
            offered.tenant_id = mappings.tenant_id
            and offered.source_system = mappings.source_system
            and case when offered.is_source_code then lower(offered.stated_tax) end = mappings.source_tax_code
            and offered.side = mappings.side
            and mappings.choice = 1
    where offered.stated_tax is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ line_key | join(', ') }}
            order by level_rank, preference, stated_tax
        ) as choice,
        lag(level_rank) over (
            partition by {{ line_key | join(', ') }}
            order by level_rank, preference, stated_tax
        ) as rank_before,
        first_value(level) over (
            partition by {{ line_key | join(', ') }}
            order by level_rank, preference, stated_tax
        ) as winning_level
    from mapped
    where level_rank is not null

),

final as (

    select
        {{ line_key | join(', ') }},
        level,
        level_rank,
        stated_tax,
        tax_type,
        choice = 1 as is_winner,
        winning_level
    from ranked
    -- One value per level: the contact's or the item's own in the source before that in Xero, or the reverse.
    where rank_before is null or rank_before <> level_rank

)

select * from final
