{{ config(materialized='table') }}

{#- The configuration in force, as one hash per organisation: what a decision was made with. -#}
with versions as (

    select * from {{ ref('stg_configuration__versions') }}

),

organisations as (

    select * from {{ ref('int_organisation_limits_read') }}

),

final as (

    select
        organisations.tenant_id,
        {{
            hash_of_rows(
                "versions.record_type || ':' || versions.tenant_id || ':' || versions.record_id || ':' "
                ~ "|| coalesce(versions.version_hash, '')"
            )
        }} as snapshot_id,
        max(versions.extracted_at) as extracted_at
    from organisations
    inner join versions
        on versions.tenant_id in (organisations.tenant_id, '*')
    group by organisations.tenant_id

)

select * from final
