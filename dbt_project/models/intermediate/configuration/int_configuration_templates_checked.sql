{#- The template contact that new customers are made from: is there one, and is it active in Xero. -#}
with organisations as (

    select * from {{ ref('int_organisation_limits_read') }}

),

templates as (

    select
        bound.tenant_id,
        bound.contact_id,
        contacts.contact_name,
        contacts.contact_status = 'ACTIVE' and not contacts.is_deleted as is_active
    from {{ ref('int_template_contacts_bound') }} as bound
    inner join {{ ref('stg_xero__contacts') }} as contacts
        on
            bound.tenant_id = contacts.tenant_id
            and bound.contact_id = contacts.contact_id

),

final as (

    select
        organisations.tenant_id,
        organisations.tenant_id as record_id,
        organisations.organisation_name as record_label,
        'warn' as severity,
        {{ configuration_finding('TPL_NONE', {'organisation': 'organisations.organisation_name'}) }}
    from organisations
    left join templates
        on organisations.tenant_id = templates.tenant_id
    where templates.contact_id is null
    union all
    select
        tenant_id,
        contact_id as record_id,
        contact_name as record_label,
        'warn' as severity,
        {{ configuration_finding('TEMPLATE_ARCHIVED', {'name': 'contact_name'}) }}
    from templates
    where not is_active

)

select * from final
