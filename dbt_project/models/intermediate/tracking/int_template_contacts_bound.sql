with templates as (

    select
        tenant_id,
        nullif(trim(contact_id), '') as contact_id,
        lower(trim(contact_name)) as name_key,
        first_seen_at
    from {{ ref('stg_settings__template_contacts') }}
    where not is_deleted

),

contact_versions as (

    select * from {{ ref('stg_xero__contact_versions') }}

),

-- A name means the contact that bore it when the row was first seen or, if none did, the first to bear it
-- afterwards; an active contact before an archived one of the same name.
candidates as (

    select
        contact_versions.tenant_id,
        contact_versions.contact_id,
        row_number() over (
            partition by
                contact_versions.tenant_id, templates.tenant_id, templates.contact_id, templates.name_key
            order by
                {{ dbt.date_trunc('millisecond', 'contact_versions.valid_from') }},
                case when contact_versions.contact_status = 'ACTIVE' then 0 else 1 end,
                contact_versions.valid_from,
                contact_versions.contact_id
        ) as choice
    from templates
    inner join contact_versions
        on
            templates.tenant_id in (contact_versions.tenant_id, '*')
            and (
                templates.contact_id = contact_versions.contact_id
                or (
                    templates.contact_id is null
                    and templates.name_key = lower(trim(contact_versions.contact_name))
                    and templates.first_seen_at
                    < coalesce(contact_versions.valid_to, cast('9999-12-31' as timestamp))
                )
            )

),

final as (

    select distinct
        tenant_id,
        contact_id
    from candidates
    where choice = 1

)

select * from final
