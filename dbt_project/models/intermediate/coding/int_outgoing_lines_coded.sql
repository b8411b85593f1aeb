{{ config(materialized='table') }}

{#- Each line of every outgoing document and stock journal as today's configuration codes it. -#}
{%- set line_key = outgoing_line_key() -%}
{%- set text = dbt.type_string() -%}
{%- set columns = line_key + [
    'line_number', 'side', 'role', 'line_kind', 'item_id', 'item_code', 'description', 'quantity', 'unit_amount',
    'discount_rate', 'discount_amount', 'line_amount', 'tax_amount',
] + coding_columns() -%}

with lines as (

    select * from {{ ref('int_outgoing_lines_roled') }}
    where side <> 'stock'

),

accounts as (

    select * from {{ ref('int_line_accounts_resolved') }}

),

taxes as (

    select * from {{ ref('int_line_taxes_resolved') }}

),

tracking as (

    select * from {{ ref('int_line_tracking_resolved') }}

),

amounts as (

    select * from {{ ref('int_line_amounts_computed') }}

),

items as (

    select * from {{ ref('int_line_items_resolved') }}

),

rounding_lines as (

    select * from {{ ref('int_rounding_lines_added') }}

),

last_numbers as (

    select
        tenant_id,
        source_system,
        document_type,
        document_id,
        max(side) as side,
        max(line_number) as line_number
    from lines
    group by tenant_id, source_system, document_type, document_id

),

coded as (

    select
        {{ key_of('lines', line_key) }},
        lines.line_number,
        lines.side,
        lines.role,
        lines.line_kind,
        items.item_id,
        lines.item_code,
        lines.description,
        amounts.quantity,
        amounts.unit_amount,
        amounts.discount_rate,
        amounts.discount_amount,
        amounts.line_amount,
        amounts.tax_amount,
        accounts.account_id,
        accounts.account_code,
        accounts.account_level,
        accounts.account_status,
        cast(null as {{ text }}) as contra_account_id,
        cast(null as {{ text }}) as contra_account_code,
        cast(null as {{ text }}) as contra_account_level,
        cast(null as {{ text }}) as contra_account_status,
        {% for slot in [2, 3] -%}
        tracking.tracking_option_id_{{ slot }},
        tracking.tracking_option_{{ slot }},
        tracking.tracking_level_{{ slot }},
        tracking.tracking_status_{{ slot }},
        {% endfor -%}
        taxes.tax_type,
        taxes.tax_level,
        taxes.tax_status
    from lines
    left join accounts
        on {{ same_key('lines', 'accounts', line_key) }}
    left join taxes
        on {{ same_key('lines', 'taxes', line_key) }}
    left join tracking
        on {{ same_key('lines', 'tracking', line_key) }}
    left join amounts
        on {{ same_key('lines', 'amounts', line_key) }}
    left join items
        on {{ same_key('lines', 'items', line_key) }}
    union all
    select
        {{ key_of('rounding_lines', line_key) }},
        last_numbers.line_number + 1 as line_number,
        last_numbers.side,
        'ROUNDING' as role,
        'rounding' as line_kind,
        cast(null as {{ text }}) as item_id,
        cast(null as {{ text }}) as item_code,
        'Rounding' as description,
        cast(1 as decimal(18, 4)) as quantity,
        rounding_lines.rounding_amount as unit_amount,
        cast(null as decimal(18, 6)) as discount_rate,
        cast(null as decimal(18, 4)) as discount_amount,
        rounding_lines.rounding_amount as line_amount,
        cast(0 as decimal(18, 4)) as tax_amount,
        rounding_lines.account_id,
        rounding_lines.account_code,
        rounding_lines.account_level,
        rounding_lines.account_status,
        cast(null as {{ text }}) as contra_account_id,
        cast(null as {{ text }}) as contra_account_code,
        cast(null as {{ text }}) as contra_account_level,
        cast(null as {{ text }}) as contra_account_status,
        {% for slot in [2, 3] -%}
        cast(null as {{ text }}) as tracking_option_id_{{ slot }},
        cast(null as {{ text }}) as tracking_option_{{ slot }},
        cast(null as {{ text }}) as tracking_level_{{ slot }},
        cast(null as {{ text }}) as tracking_status_{{ slot }},
        {% endfor -%}
        rounding_lines.tax_type,
        cast(null as {{ text }}) as tax_level,
        'ok' as tax_status
    from rounding_lines
    inner join last_numbers
        on {{ same_key('rounding_lines', 'last_numbers', outgoing_document_key()) }}

),

findings as (

    select
        {{ line_key | join(', ') }},
        max(case when severity in ('block', 'hold') then 1 else 0 end) as blocking
    from {{ ref('int_outgoing_findings_collected') }}
    where line_id is not null
    group by {{ line_key | join(', ') }}

),

snapshots as (

    select * from {{ ref('int_configuration_snapshots_taken') }}

),

final as (

    select
        {{ key_of('coded', columns) }},
        snapshots.snapshot_id,
        coalesce(findings.blocking, 0) = 1 as is_blocked
    from coded
    left join snapshots
        on coded.tenant_id = snapshots.tenant_id
    left join findings
        on {{ same_key('coded', 'findings', line_key) }}
    union all
    -- Both sides of every stock journal, found apart.
    select
        {{ columns | join(', ') }},
        snapshot_id,
        is_blocked
    from {{ ref('int_stock_journal_lines') }}

)

select * from final
