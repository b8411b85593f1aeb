{{ config(materialized='table') }}

{#-
    The lines of all stock journals, in the columns of coding.document_lines: two for each pair of the
    month's journal of cost of goods sold, and two for each line of a stock adjustment or a stock take.
    Of those, the side of the cost account keeps the line's own id. line_amount is positive for a debit:
    an increase of stock debits stock on hand and credits cost of goods sold. Lines of nothing are left out.
-#}
{%- set line_key = outgoing_line_key() -%}
{%- set text = dbt.type_string() -%}
{%- set account = ['account_id', 'account_code', 'account_level', 'account_status'] -%}
{%- set contra_account = [
    'contra_account_id', 'contra_account_code', 'contra_account_level', 'contra_account_status',
] -%}
{%- set tracking = [
    'tracking_option_id_2', 'tracking_option_2', 'tracking_level_2', 'tracking_status_2',
    'tracking_option_id_3', 'tracking_option_3', 'tracking_level_3', 'tracking_status_3',
] -%}

with calendars as (

    select * from {{ ref('int_stock_journal_calendars_set') }}

),

counted as (

    select
        lines.tenant_id,
        lines.source_system,
        lines.document_type,
        lines.document_id,
        lines.line_id,
        lines.line_number,
        lines.role,
        lines.line_kind,
        lines.item_code,
        lines.description,
        amounts.quantity,
        amounts.unit_amount,
        amounts.line_amount as increase,
        {{ key_of('accounts', account + contra_account) }},
        {{ key_of('taxes', ['tax_type', 'tax_level', 'tax_status']) }},
        {{ key_of('tracking', tracking) }}
    from {{ ref('int_outgoing_lines_roled') }} as lines
    left join {{ ref('int_line_accounts_resolved') }} as accounts
        on {{ same_key('lines', 'accounts', line_key) }}
    left join {{ ref('int_line_taxes_resolved') }} as taxes
        on {{ same_key('lines', 'taxes', line_key) }}
    left join {{ ref('int_line_tracking_resolved') }} as tracking
        on {{ same_key('lines', 'tracking', line_key) }}
    left join {{ ref('int_line_amounts_computed') }} as amounts
        on {{ same_key('lines', 'amounts', line_key) }}
    where lines.role = 'ADJUSTMENT' and coalesce(amounts.line_amount, 1) <> 0

),

of_stock as (

    select
        {{ line_key | join(', ') }},
        line_id as finding_line_id,
        line_number * 2 - 1 as line_number,
        role,
        line_kind,
        item_code,
        description,
        quantity,
        unit_amount,
        -increase as line_amount,
        {{ (account + contra_account) | join(', ') }},
        tax_type,
        tax_level,
        tax_status,
        {{ tracking | join(', ') }}
    from counted
    union all
    select
        {{ line_key[:4] | join(', ') }},
        line_id || '-inventory' as line_id,
        line_id as finding_line_id,
        line_number * 2 as line_number,
        role,
        line_kind,
        item_code,
        description,
        quantity,
        unit_amount,
        increase as line_amount,
        {{ (contra_account + account) | join(', ') }},
        tax_type,
        tax_level,
        tax_status,
        {{ tracking | join(', ') }}
    from counted
    union all
    select
        sides.tenant_id,
        sides.source_system,
        'cogs' as document_type,
        sides.document_id,
        sides.line_id,
        sides.line_id as finding_line_id,
        row_number() over (
            partition by sides.tenant_id, sides.document_id
            order by sides.period_month desc, sides.pair_id asc, sides.side_of_pair asc
        ) as line_number,
        'COGS' as role,
        'movement' as line_kind,
        cast(null as {{ text }}) as item_code,
        sides.description,
        cast(null as decimal(18, 4)) as quantity,
        cast(null as decimal(18, 4)) as unit_amount,
        sides.line_amount,
        {{ key_of('sides', account + contra_account) }},
        calendars.tax_type,
        cast(null as {{ text }}) as tax_level,
        'ok' as tax_status,
        {{ key_of('sides', tracking) }}
    from {{ ref('int_stock_journal_pairs_sided') }} as sides
    inner join calendars
        on sides.tenant_id = calendars.tenant_id

),

findings as (

    select
        {{ line_key | join(', ') }},
        max(case when severity in ('block', 'hold') then 1 else 0 end) as blocking
    from (
        select {{ line_key | join(', ') }}, severity from {{ ref('int_outgoing_findings_collected') }}
        where document_type in ('adjustment', 'stock_take')
        union all
        select {{ line_key | join(', ') }}, severity from {{ ref('int_stock_journal_findings_collected') }}
    ) as found
    where line_id is not null
    group by {{ line_key | join(', ') }}

),

snapshots as (

    select * from {{ ref('int_configuration_snapshots_taken') }}

),

final as (

    select
        {{ key_of('of_stock', line_key) }},
        cast(of_stock.line_number as bigint) as line_number,
        'stock' as side,
        of_stock.role,
        of_stock.line_kind,
        cast(null as {{ text }}) as item_id,
        of_stock.item_code,
        of_stock.description,
        cast(of_stock.quantity as decimal(18, 4)) as quantity,
        cast(of_stock.unit_amount as decimal(18, 4)) as unit_amount,
        cast(null as decimal(18, 6)) as discount_rate,
        cast(null as decimal(18, 4)) as discount_amount,
        cast(of_stock.line_amount as decimal(18, 4)) as line_amount,
        cast(0 as decimal(18, 4)) as tax_amount,
        {{ key_of('of_stock', account + contra_account + tracking + ['tax_type', 'tax_level', 'tax_status']) }},
        snapshots.snapshot_id,
        coalesce(findings.blocking, 0) = 1 as is_blocked
    from of_stock
    left join snapshots
        on of_stock.tenant_id = snapshots.tenant_id
    left join findings
        on
            of_stock.tenant_id = findings.tenant_id
            and of_stock.source_system = findings.source_system
            and of_stock.document_type = findings.document_type
            and of_stock.document_id = findings.document_id
            and of_stock.finding_line_id = findings.line_id

)

select * from final
