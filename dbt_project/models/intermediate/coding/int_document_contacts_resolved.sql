{{ config(materialized='table') }}

{#-
    The Xero contact of each outgoing document: by the id that the source holds, else the only one in
    use with its account number, else the only one with its name. Two candidates are none.
-#}
with documents as (

    select * from {{ ref('int_outgoing_documents') }}
    where side <> 'stock'

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}
    where not is_deleted and contact_status = 'ACTIVE'

),

by_account_number as (

    select
        tenant_id,
        trim(account_number) as account_number,
        min(contact_id) as contact_id
    from contacts
    where trim(account_number) <> ''
    group by tenant_id, trim(account_number)
    having count(*) = 1

),

by_name as (

    select
        tenant_id,
        lower(trim(contact_name)) as name_key,
        min(contact_id) as contact_id
    from contacts
    group by tenant_id, lower(trim(contact_name))
    having count(*) = 1

),

matched as (

    select
        documents.tenant_id,
        documents.source_system,
        documents.document_type,
        documents.document_id,
        documents.contact_name as source_contact_name,
        case
            when nullif(trim(documents.xero_contact_id), '') is not null
                then lower(trim(documents.xero_contact_id))
            else coalesce(by_account_number.contact_id, by_name.contact_id)
        end as stated_contact_id
    from documents
    left join by_account_number
        on
            documents.tenant_id = by_account_number.tenant_id
            and trim(documents.contact_account_number) = by_account_number.account_number
    left join by_name
        on
            documents.tenant_id = by_name.tenant_id
            and lower(trim(documents.contact_name)) = by_name.name_key

),

followed as (

    select
        matched.*,
        contacts.contact_id,
        contacts.stated_contact_name,
        contacts.contact_name,
        case
            when contacts.contact_id is null then 'CON_UNKNOWN'
            when contacts.contact_status <> 'ACTIVE' then 'CON_ARCHIVED'
            when contacts.contact_id <> contacts.stated_contact_id then 'CON_MERGED'
        end as rule
    from matched
    left join {{ ref('int_contacts_followed') }} as contacts
        on
            matched.tenant_id = contacts.tenant_id
            and matched.stated_contact_id = contacts.stated_contact_id

),

{%- set values = {
    'CON_UNKNOWN': {'name': 'source_contact_name'},
    'CON_ARCHIVED': {'name': 'contact_name'},
    'CON_MERGED': {'name': 'stated_contact_name', 'target': 'contact_name'},
} %}

final as (

    select
        tenant_id,
        source_system,
        document_type,
        document_id,
        contact_id,
        coalesce(contact_name, source_contact_name) as contact_name,
        rule,
        case rule when 'CON_UNKNOWN' then 'hold' when 'CON_ARCHIVED' then 'block' when 'CON_MERGED' then 'warn' end
            as severity,
        case rule
            {% for rule, filling in values.items() -%}
            when '{{ rule }}' then {{ coding_message(rule, filling) }}
            {% endfor %}
        end as message,
        case rule
            {% for rule, filling in values.items() -%}
            when '{{ rule }}' then {{ coding_remedy(rule, filling) }}
            {% endfor %}
        end as remedy
    from followed

)

select * from final
