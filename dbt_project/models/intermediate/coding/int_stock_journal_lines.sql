{{ config(materialized='table') }}

{#-
    The lines of all stock journals, in the columns of coding.document_lines: two for each pair of the
    month's journal of cost of goods sold, and two for each line of a stock adjustment or a stock take.
    Of those, the side of the cost account keeps the line's own id. line_amount is positive for a debit:
    an increase of stock debits stock on hand and credits cost of goods sold. Lines of nothing are left out.
-#}
{%- set line_key = ['tenant_id', 'source_system', 'document_type', 'document_id', 'line_id'] -%}
{%- set text = dbt.type_string() -%}

with calendars as (

    select * from {{ ref('int_stock_journal_calendars_set') }}

),

counted as (

    select
        lines.*,
        accounts.account_id,
        accounts.account_code,
        accounts.account_level,
        accounts.account_status,
        accounts.contra_account_id,
        accounts.contra_account_code,
        accounts.contra_account_level,
        accounts.contra_account_status,
        taxes.tax_type,
        taxes.tax_level,
        taxes.tax_status,
        {% for slot in [2, 3] -%}
        tracking.tracking_option_id_{{ slot }},
        tracking.tracking_option_{{ slot }},
        tracking.tracking_level_{{ slot }},
        tracking.tracking_status_{{ slot }},
        {% endfor -%}
        amounts.quantity as journal_quantity,
        amounts.unit_amount as journal_unit_amount,
        amounts.line_amount as increase
    from {{ ref('int_outgoing_lines_roled') }} as lines
    {%- for name, model in [
        ('accounts', 'int_line_accounts_resolved'), ('taxes', 'int_line_taxes_resolved'),
        ('tracking', 'int_line_tracking_resolved'), ('amounts', 'int_line_amounts_computed'),
    ] %}
    left join {{ ref(model) }} as {{ name }}
        on
            {% for column in line_key -%}
            lines.{{ column }} = {{ name }}.{{ column }}{{ ' and' if not loop.last }}
            {% endfor %}
    {%- endfor %}
    where lines.role = 'ADJUSTMENT' and coalesce(amounts.line_amount, 1) <> 0

),

of_stock as (

    {% for of_pair, against, suffix, sign, place in [
        ('account', 'contra_account', '', '-', 1), ('contra_account', 'account', '-inventory', '', 0),
    ] -%}
    select
        tenant_id,
        source_system,
        document_type,
        document_id,
        line_id || '{{ suffix }}' as line_id,
        line_id as finding_line_id,
        line_number * 2 - {{ place }} as line_number,
        role,
        line_kind,
        item_code,
        description,
        journal_quantity as quantity,
        journal_unit_amount as unit_amount,
        {{ sign }}increase as line_amount,
        {% for column in ['id', 'code', 'level', 'status'] -%}
        {{ of_pair }}_{{ column }} as account_{{ column }},
        {% endfor -%}
        {% for column in ['id', 'code', 'level', 'status'] -%}
        {{ against }}_{{ column }} as contra_account_{{ column }},
        {% endfor -%}
        tax_type,
        tax_level,
        tax_status,
        {% for slot in [2, 3] -%}
        tracking_option_id_{{ slot }},
        tracking_option_{{ slot }},
        tracking_level_{{ slot }},
        tracking_status_{{ slot }}{{ ',' if not loop.last }}
        {% endfor %}
    from counted
    union all
    {% endfor -%}
    select
        sides.tenant_id,
        sides.source_system,
        'cogs' as document_type,
        sides.document_id,
        sides.line_id,
        sides.line_id as finding_line_id,
        row_number() over (
            partition by sides.tenant_id, sides.document_id
            order by sides.period_month desc, sides.pair_id, sides.side_of_pair
        ) as line_number,
        'COGS' as role,
        'movement' as line_kind,
        cast(null as {{ text }}) as item_code,
        sides.description,
        cast(null as decimal(18, 4)) as quantity,
        cast(null as decimal(18, 4)) as unit_amount,
        sides.line_amount,
        {% for side in ['', 'contra_'] -%}
        {% for column in ['id', 'code', 'level', 'status'] -%}
        sides.{{ side }}account_{{ column }},
        {% endfor -%}
        {% endfor -%}
        calendars.tax_type,
        cast(null as {{ text }}) as tax_level,
        'ok' as tax_status,
        {% for slot in [2, 3] -%}
        sides.tracking_option_id_{{ slot }},
        sides.tracking_option_{{ slot }},
        sides.tracking_level_{{ slot }},
        sides.tracking_status_{{ slot }}{{ ',' if not loop.last }}
        {% endfor %}
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
        {% for column in line_key -%}
        of_stock.{{ column }},
        {% endfor -%}
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
        {% for side in ['', 'contra_'] -%}
        {% for column in ['id', 'code', 'level', 'status'] -%}
        of_stock.{{ side }}account_{{ column }},
        {% endfor -%}
        {% endfor -%}
        of_stock.tax_type,
        of_stock.tax_level,
        of_stock.tax_status,
        {% for slot in [2, 3] -%}
        of_stock.tracking_option_id_{{ slot }},
        of_stock.tracking_option_{{ slot }},
        of_stock.tracking_level_{{ slot }},
        of_stock.tracking_status_{{ slot }},
        {% endfor -%}
        snapshots.snapshot_id,
        coalesce(findings.blocking, 0) = 1 as is_blocked
    from of_stock
    left join snapshots
        on of_stock.tenant_id = snapshots.tenant_id
    left join findings
        on
            {% for column in line_key[:4] -%}
            of_stock.{{ column }} = findings.{{ column }} and
            {% endfor -%}
            of_stock.finding_line_id = findings.line_id

)

select * from final
