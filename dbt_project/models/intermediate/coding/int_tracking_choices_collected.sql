{{ config(materialized='table') }}

{#-
    Every tracking option that something chooses for a document (line_id null) or a line, as stated:
    what the sources say, and the contact's default of the same side in Xero.
-#}
with of_contacts as (

    select
        documents.tenant_id,
        documents.source_system,
        documents.document_type,
        documents.document_id,
        cast(null as {{ dbt.type_string() }}) as line_id,
        'contact' as level,
        -- After what the source itself keeps for the contact.
        7 as level_rank,
        defaults.tracking_category_id as stated_category,
        defaults.tracking_option_id as stated_option,
        false as is_explicit_none
    from {{ ref('int_document_contacts_resolved') }} as contacts
    inner join {{ ref('int_outgoing_documents') }} as documents
        on
            contacts.tenant_id = documents.tenant_id
            and contacts.source_system = documents.source_system
            and contacts.document_type = documents.document_type
            and contacts.document_id = documents.document_id
    inner join {{ ref('int_contact_tracking_resolved') }} as defaults
        on
            contacts.tenant_id = defaults.tenant_id
            and contacts.contact_id = defaults.contact_id
            and documents.side = defaults.side
    where
        defaults.is_latest
        and defaults.tracking_category_id is not null
        and defaults.tracking_option_id is not null

),

of_sources as (

    select
        candidates.tenant_id,
        candidates.source_system,
        candidates.document_type,
        candidates.document_id,
        candidates.line_id,
        candidates.level,
        case candidates.level
            when 'line' then 1
            when 'transaction' then 3
            when 'job' then 4
            when 'item_override' then 5
            when 'contact' then 6
        end as level_rank,
        nullif(trim(candidates.tracking_category), '') as stated_category,
        nullif(trim(candidates.value), '') as stated_option,
        coalesce(candidates.is_explicit_none, false) as is_explicit_none
    from {{ ref('int_outgoing_candidates') }} as candidates
    left join {{ ref('int_coding_policies_set') }} as policies
        on
            candidates.tenant_id = policies.tenant_id
            and candidates.source_system = policies.source_system
    where
        candidates.attribute = 'tracking'
        and (candidates.level <> 'item_override' or policies.product_tracking = 'on')

),

final as (

    select * from of_sources
    where level_rank is not null and (stated_option is not null or (is_explicit_none and stated_category is not null))
    union all
    select * from of_contacts

)

select * from final
