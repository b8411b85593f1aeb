{{ config(materialized='table') }}

{#-
    The Xero contact of each customer and supplier: the one that we made (push ledger); else the one
    with our ContactNumber; else the one whose id the system holds; else the one in use with its account
    number. The first of these that finds any decides. A contact that only shares the name is never taken
    for the same: a document sent to a name would rename it, or make another.

    state: `existing`, `merged` (into contact_id), `archived`, `ambiguous`, `name_taken`, `new`.
-#}
with customers as (

    select * from {{ ref('int_push_customers_collected') }}

),

contacts as (

    select
        *,
        lower({{ tidy_text('contact_name') }}) as name_key
    from {{ ref('stg_xero__contacts') }}
    where not is_deleted

),

-- Written, and perhaps not read since.
sent as (

    select
        tenant_id,
        record_key,
        target_id as contact_id
    from {{ ref('int_push_records_sent') }}
    where target = 'xero' and entity = 'contacts' and target_id is not null

),

{%- set ways = [
    ('push_ledger', 'inner join sent as contacts on customers.tenant_id = contacts.tenant_id'
        ~ ' and customers.record_key = contacts.record_key', 'true'),
    ('contact_number', 'inner join contacts on customers.tenant_id = contacts.tenant_id'
        ~ ' and customers.record_key = contacts.contact_number', 'true'),
    ('stated_id', 'inner join contacts on customers.tenant_id = contacts.tenant_id'
        ~ ' and customers.stated_contact_id = contacts.contact_id', 'true'),
    ('account_number', 'inner join contacts on customers.tenant_id = contacts.tenant_id'
        ~ ' and customers.account_number = trim(contacts.account_number)', "contacts.contact_status = 'ACTIVE'"),
    ('name', 'inner join contacts on customers.tenant_id = contacts.tenant_id'
        ~ ' and lower(customers.contact_name) = contacts.name_key', "contacts.contact_status = 'ACTIVE'"),
] %}

found as (

    {%- for way, joins, condition in ways %}
    select
        customers.tenant_id,
        customers.source_system,
        customers.record_key,
        {{ loop.index }} as way_order,
        '{{ way }}' as match_method,
        contacts.contact_id
    from customers
    {{ joins }}
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

decisive as (

    select
        tenant_id,
        source_system,
        record_key,
        min(way_order) as way_order,
        max(case when match_method = 'contact_number' then contact_id end) as numbered_contact_id
    from found
    group by tenant_id, source_system, record_key

),

chosen as (

    select
        found.tenant_id,
        found.source_system,
        found.record_key,
        min(found.match_method) as match_method,
        min(found.contact_id) as contact_id,
        count(distinct found.contact_id) as candidate_count,
        max(decisive.numbered_contact_id) as numbered_contact_id
    from found
    inner join decisive
        on
            found.tenant_id = decisive.tenant_id
            and found.source_system = decisive.source_system
            and found.record_key = decisive.record_key
            and found.way_order = decisive.way_order
    group by found.tenant_id, found.source_system, found.record_key

),

stated as (

    select
        customers.*,
        chosen.match_method,
        chosen.contact_id as found_contact_id,
        coalesce(chosen.candidate_count, 0) as found_count,
        chosen.numbered_contact_id,
        coalesce(chosen.candidate_count, 0) > 1
        or (
            customers.stated_contact_count is not null
            and coalesce(chosen.match_method, 'name') not in ('push_ledger', 'contact_number')
        ) as is_ambiguous
    from customers
    left join chosen
        on
            customers.tenant_id = chosen.tenant_id
            and customers.source_system = chosen.source_system
            and customers.record_key = chosen.record_key

),

final as (

    select
        stated.tenant_id,
        stated.source_system,
        stated.system_rank,
        stated.side,
        stated.source_contact_id,
        stated.record_key,
        stated.contact_name,
        stated.email_address,
        stated.account_number,
        {%- for column in contact_detail_columns() %}
        stated.{{ column }},
        {%- endfor %}
        stated.is_active,
        stated.is_found_by_name,
        stated.match_method,
        greatest(stated.found_count, coalesce(stated.stated_contact_count, 0)) as candidate_count,
        case
            when stated.is_ambiguous then 'ambiguous'
            when stated.found_contact_id is null then 'new'
            when stated.match_method = 'name' then 'name_taken'
            when followed.contact_status <> 'ACTIVE' then 'archived'
            when followed.contact_id <> stated.found_contact_id then 'merged'
            else 'existing'
        end as state,
        case
            when not stated.is_ambiguous and stated.match_method <> 'name'
                then coalesce(followed.contact_id, stated.found_contact_id)
        end as contact_id,
        followed.contact_id as shown_contact_id,
        followed.stated_contact_name,
        followed.contact_name as xero_contact_name,
        coalesce(stated.numbered_contact_id <> stated.found_contact_id, false) as is_number_elsewhere
    from stated
    left join {{ ref('int_contacts_followed') }} as followed
        on
            stated.tenant_id = followed.tenant_id
            and stated.found_contact_id = followed.stated_contact_id

)

select * from final
