with compared as (

    select
        *,
        documents_base - journal_base as difference_base,
        documents_base - journal_base - sourceless_base - inventory_base as unexplained_base
    from {{ ref('int_ledger_bases_compared') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

final as (

    select
        compared.tenant_id,
        compared.month,
        compared.account_id,
        accounts.account_code,
        accounts.account_name,
        accounts.account_class,
        accounts.account_type,
        compared.base_currency,
        compared.documents_base,
        compared.journal_base,
        cast(compared.difference_base as decimal(18, 4)) as difference_base,
        cast(compared.difference_base - compared.unexplained_base as decimal(18, 4)) as explained_base,
        cast(compared.unexplained_base as decimal(18, 4)) as unexplained_base,
        case
            when compared.inventory_base <> 0 then 'tracked_inventory'
            when compared.sourceless_base <> 0 then compared.first_cause
        end as cause,
        nullif(
            concat(
                case
                    when compared.sourceless_base <> 0
                        then
                            cast(compared.sourceless_base as {{ dbt.type_string() }}) || ' by '
                            || replace(compared.first_cause, '_', ' ')
                            || coalesce(' and ' || replace(compared.other_cause, '_', ' '), '')
                            || ', which has no record. '
                    else ''
                end,
                case
                    when compared.inventory_base <> 0
                        then
                            cast(compared.inventory_base as {{ dbt.type_string() }})
                            || ' by tracked inventory, whose cost Xero posts without a line. '
                    else ''
                end
            ),
            ''
        ) as explanation
    from compared
    left join accounts
        on
            compared.tenant_id = accounts.tenant_id
            and compared.account_id = accounts.account_id
    where compared.difference_base <> 0

)

select * from final
