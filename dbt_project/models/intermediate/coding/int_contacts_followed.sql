{#-
    Which contact a document for a contact goes to: the one it was merged into, and on, as often as
    that happened (up to 5 times).
-#}
{%- set hops = 5 -%}
with contacts as (

    select
        tenant_id,
        contact_id,
        contact_name,
        contact_status,
        -- Not in the joins: a condition on one side makes DuckDB compare every contact with every other.
        case when contact_status <> 'ACTIVE' then nullif(trim(merged_to_contact_id), '') end as merged_to_contact_id,
        is_deleted
    from {{ ref('stg_xero__contacts') }}

),

final as (

    select
        contacts.tenant_id,
        contacts.contact_id as stated_contact_id,
        contacts.contact_name as stated_contact_name,
        coalesce(
            {% for hop in range(hops, 0, -1) -%}
            hop_{{ hop }}.contact_id,
            {% endfor -%}
            contacts.contact_id
        ) as contact_id,
        coalesce(
            {% for hop in range(hops, 0, -1) -%}
            hop_{{ hop }}.contact_name,
            {% endfor -%}
            contacts.contact_name
        ) as contact_name,
        coalesce(
            {% for hop in range(hops, 0, -1) -%}
            case when hop_{{ hop }}.is_deleted then 'DELETED' else hop_{{ hop }}.contact_status end,
            {% endfor -%}
            case when contacts.is_deleted then 'DELETED' else contacts.contact_status end
        ) as contact_status
    from contacts
    {% for hop in range(1, hops + 1) -%}
    {%- set before = 'contacts' if hop == 1 else 'hop_' ~ (hop - 1) -%}
    left join contacts as hop_{{ hop }}
        on
            {{ before }}.tenant_id = hop_{{ hop }}.tenant_id
            and {{ before }}.merged_to_contact_id = hop_{{ hop }}.contact_id
    {% endfor %}
)

select * from final
