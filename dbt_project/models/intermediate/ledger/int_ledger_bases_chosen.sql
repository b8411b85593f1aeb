{#- Not how far the journals reach but that they are read: a connection that stops reading them says so. -#}
with organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

switched_on as (

    select connection_name
    from {{ ref('stg_settings__connections') }}
    where system = 'xero' and not is_deleted and ',' || endpoints_on || ',' like '%,Journals,%'

),

-- The first reading of many journals may take days; until it is over, the documents know more.
read_whole as (

    select distinct reads.tenant_id
    from {{ ref('stg_runs__reads') }} as reads
    inner join switched_on
        on reads.connection = switched_on.connection_name
    where reads.system = 'xero' and reads.endpoint = 'journals' and reads.is_complete

),

final as (

    select
        organisations.tenant_id,
        case when read_whole.tenant_id is null then 'documents' else 'journal' end as basis
    from organisations
    left join read_whole
        on organisations.tenant_id = read_whole.tenant_id

)

select * from final
