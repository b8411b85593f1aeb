{{ config(materialized='table') }}

{#-
    The lines that are sent of each document, each with the LineItemID that Xero gave it: by the place at
    which it was sent. A line without one would be another line to Xero.

    An item that Xero lacks is named where its creation is planned too; else the line goes without.
-#}
{%- set key = outgoing_document_key() -%}
{%- set line_key = outgoing_line_key() -%}

with prepared as (

    select * from {{ ref('int_push_documents_prepared') }}

),

held as (

    select * from {{ ref('int_push_document_lines_held') }}

),

sent as (

    select
        {{ key | join(', ') }},
        {{ struct_field(parse_text('sent_facts', {'line_ids': ['string']}), 'line_ids') }} as line_ids
    from prepared
    where sent_facts is not null

),

sent_places as (

    select
        {{ key | join(', ') }},
        line_id,
        position
    from {{ explode_with_position('sent', 'line_ids', 'line_id') }} as places

),

options as (

    select
        tenant_id,
        tracking_option_id,
        tracking_category_id
    from {{ ref('stg_xero__tracking_options') }}

),

accounts as (

    select
        tenant_id,
        account_id,
        account_name
    from {{ ref('stg_xero__accounts') }}

),

existing_items as (

    select distinct
        tenant_id,
        item_code
    from {{ ref('stg_xero__items') }}
    where not is_deleted

),

-- Items that this plan may make.
planned_items as (

    select
        items.tenant_id,
        items.record_key as item_code
    from {{ ref('push_xero__items') }} as items
    inner join {{ ref('int_push_policies_set') }} as policies
        on
            items.tenant_id = policies.tenant_id
            and policies.target = 'xero'
            and policies.entity = 'items'
            and policies.operation = 'create'
    where items.operation_hint = 'create' and not {{ is_stopped('items.findings') }}

),

wanted as (

    select
        {{ key_of('lines', line_key) }},
        prepared.target_id,
        prepared.side,
        row_number() over (
            partition by {{ key_of('lines', key) }}
            order by lines.line_number, lines.line_id
        ) as place,
        lines.role,
        trim(lines.description) as description,
        case
            when lines.item_id is not null then trim(lines.item_code)
            when existing_items.item_code is null then planned_items.item_code
        end as item_code,
        case when lines.item_id is null and existing_items.item_code is null then planned_items.item_code end
            as needed_item,
        {% for column in [
            'quantity', 'unit_amount', 'discount_rate', 'discount_amount', 'line_amount', 'account_code', 'tax_type',
        ] -%}
        case when lines.role <> 'TEXT' then lines.{{ column }} end as {{ column }},
        {% endfor -%}
        lines.tax_amount,
        -- The supplier's own tax stands; that of a sale Xero works out.
        case when lines.role <> 'TEXT' and prepared.side = 'purchases' then lines.tax_amount end as sent_tax_amount,
        lines.line_amount
        - case when prepared.line_amount_type = 'Inclusive' then lines.tax_amount else 0 end as net_amount,
        lines.account_id,
        accounts.account_name,
        {% for slot in [2, 3] -%}
        case when lines.role <> 'TEXT' then lines.tracking_option_id_{{ slot }} end as option_id_{{ slot }},
        options_{{ slot }}.tracking_category_id as category_id_{{ slot }},
        lines.tracking_option_{{ slot }} as option_{{ slot }},
        {% endfor -%}
        lines.contra_account_id,
        -- As it is decided now: what is sent keeps it (int_coding_decisions_kept).
        {{ coding_as_json('lines') }} as coding
    from {{ ref('document_lines') }} as lines
    inner join prepared
        on {{ same_key('lines', 'prepared', key) }}
    left join accounts
        on
            lines.tenant_id = accounts.tenant_id
            and lines.account_id = accounts.account_id
    left join existing_items
        on
            lines.tenant_id = existing_items.tenant_id
            and trim(lines.item_code) = existing_items.item_code
    left join planned_items
        on
            lines.tenant_id = planned_items.tenant_id
            and case
                when lines.role not in ('TEXT', 'ROUNDING') and prepared.side <> 'stock' then trim(lines.item_code)
            end = planned_items.item_code
    {%- for slot in [2, 3] %}
    left join options as options_{{ slot }}
        on
            lines.tenant_id = options_{{ slot }}.tenant_id
            and lines.tracking_option_id_{{ slot }} = options_{{ slot }}.tracking_option_id
    {%- endfor %}
    where lines.role <> 'CLEARING'

),

placed as (

    select
        wanted.*,
        case when prepared.sent_facts is null then wanted.place else sent_places.position end as sent_place,
        prepared.record_key
    from wanted
    inner join prepared
        on {{ same_key('wanted', 'prepared', key) }}
    left join sent_places
        on {{ same_key('wanted', 'sent_places', line_key) }}

),

final as (

    select
        placed.*,
        held.line_id as line_item_id,
        held.line_number as held_number
    from placed
    left join held
        on
            placed.tenant_id = held.tenant_id
            and placed.record_key = held.record_key
            and placed.sent_place = held.line_number

)

select * from final
