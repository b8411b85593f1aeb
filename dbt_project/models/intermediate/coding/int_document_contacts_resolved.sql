{{ config(materialized='table') }}

{#-
    The Xero contact of each outgoing document: by the ids that the source holds, else the one in use
    with its account number, else the one with its name. The first of these that finds any contact
    decides: two of them are never guessed between, nor told apart by what comes after.
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
        min(contact_id) as contact_id,
        count(*) as contact_count
    from contacts
    where trim(account_number) <> ''
    group by tenant_id, trim(account_number)

),

by_name as (

    select
        tenant_id,
        lower(trim(contact_name)) as name_key,
        min(contact_id) as contact_id,
        count(*) as contact_count
    from contacts
    group by tenant_id, lower(trim(contact_name))

),

matched as (

    select
        documents.tenant_id,
        documents.source_system,
        documents.document_type,
        documents.document_id,
        documents.contact_name as source_contact_name,
        lower(nullif(trim(documents.xero_contact_id), '')) as source_contact_id,
        coalesce(by_account_number.contact_id, by_name.contact_id) as found_contact_id,
        case
            when documents.xero_contact_count > 1 then documents.xero_contact_count
            else coalesce(by_account_number.contact_count, by_name.contact_count)
        end as found_contact_count,
        case
            when documents.xero_contact_count > 1
                then
                    'ids that ' || {{ system_name('documents.source_system') }} || ' holds for '
                    || coalesce(trim(documents.contact_name), documents.source_contact_id)
            when by_account_number.contact_id is not null
                then 'account number ' || by_account_number.account_number
            else 'name ' || trim(documents.contact_name)
        end as shared_words
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

stated as (

    select
        *,
        case
            when source_contact_id is not null then source_contact_id
            when found_contact_count = 1 then found_contact_id
        end as stated_contact_id,
        source_contact_id is null and coalesce(found_contact_count, 0) > 1 as is_ambiguous
    from matched

),

followed as (

    select
        stated.*,
        contacts.contact_id,
        contacts.stated_contact_name,
        contacts.contact_name,
        case
            when stated.is_ambiguous then 'CON_AMBIGUOUS'
            when contacts.contact_id is null then 'CON_UNKNOWN'
            when contacts.contact_status <> 'ACTIVE' then 'CON_ARCHIVED'
            when contacts.contact_id <> contacts.stated_contact_id then 'CON_MERGED'
        end as rule
    from stated
    left join {{ ref('int_contacts_followed') }} as contacts
        on
            stated.tenant_id = contacts.tenant_id
            and stated.stated_contact_id = contacts.stated_contact_id

),

{%- set values = {
    'CON_AMBIGUOUS': {'n': 'cast(found_contact_count as ' ~ dbt.type_string() ~ ')', 'shared': 'shared_words'},
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
        case rule
            when 'CON_UNKNOWN' then 'hold'
            when 'CON_MERGED' then 'warn'
            when 'CON_AMBIGUOUS' then 'block'
            when 'CON_ARCHIVED' then 'block'
        end as severity,
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
