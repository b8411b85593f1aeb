{{ config(materialized='table') }}

{#- The account of each line; for stock that leaves or is counted, the stock account against it too. -#}
{%- set line_key = outgoing_line_key() -%}

with lines as (

    select * from {{ ref('int_outgoing_lines_roled') }}

),

winners as (

    select * from {{ ref('int_account_candidates_ranked') }}
    where is_winner

),

accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

final as (

    select
        {{ key_of('lines', line_key) }},
        lines.role,
        winners.account_id,
        winners.account_code,
        winners.account_name,
        winners.account_class,
        accounts.tax_type as account_tax_type,
        winners.level as account_level,
        case
            when lines.role = 'TEXT' then null
            when lines.role = 'UNRESOLVED' then 'blocked'
            else coalesce(winners.account_status, 'blocked')
        end as account_status,
        contra.account_id as contra_account_id,
        contra.account_code as contra_account_code,
        contra.level as contra_account_level,
        case when lines.is_stock_pair then coalesce(contra.account_status, 'blocked') end as contra_account_status,
        case
            when lines.role = 'TEXT' then null
            when lines.role = 'UNRESOLVED' or winners.level is null
                then case when lines.role = 'ADJUSTMENT' then 'cogs' else lower(lines.role) end
            when lines.is_stock_pair and contra.level is null then 'inventory'
        end as unresolved_role
    from lines
    left join winners
        on
            {{ same_key('lines', 'winners', line_key) }}
            and not winners.is_contra
    left join winners as contra
        on
            {{ same_key('lines', 'contra', line_key) }}
            and contra.is_contra
    left join accounts
        on
            winners.tenant_id = accounts.tenant_id
            and winners.account_id = accounts.account_id

)

select * from final
