{#-
    Each Prospect that is connected: its operating company, and whether Xero is the primary system of its
    customers or, by the role in connections.toml, a secondary one that only enriches them.
-#}
with connections as (

    select * from {{ ref('stg_settings__connections') }}
    where not is_deleted

),

-- A connection may leave its organisation out where the Xero connection has only one.
tenants as (

    select distinct tenant_id
    from {{ ref('stg_prospect__sales_ledgers') }}

),

final as (

    select
        tenants.tenant_id,
        'prospect' as crm_system,
        max(coalesce(nullif(crm.operating_company, ''), 'A')) as operating_company,
        coalesce(max(xero.role), 'primary') as role,
        coalesce(max(xero.suffix), '') as connection_suffix
    from connections as crm
    inner join tenants
        on coalesce(crm.organisation_id, tenants.tenant_id) = tenants.tenant_id
    left join connections as xero
        on
            crm.xero_connection_name = xero.connection_name
            and xero.system = 'xero'
    where crm.system = 'prospect'
    group by tenants.tenant_id

)

select * from final
