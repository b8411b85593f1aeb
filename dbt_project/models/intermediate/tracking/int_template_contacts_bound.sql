with templates as (

    select
        tenant_id,
        nullif(trim(contact_id), '') as contact_id,
        lower(trim(contact_name)) as name_key
    from {{ ref('stg_settings__template_contacts') }}

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

final as (

    select distinct
        contacts.tenant_id,
        contacts.contact_id
    from templates
    inner join contacts
        on
            templates.tenant_id in (contacts.tenant_id, '*')
            and (
                templates.contact_id = contacts.contact_id
                or (templates.contact_id is null and templates.name_key = lower(trim(contacts.contact_name)))
            )

)

select * from final
