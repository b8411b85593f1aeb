{{ config(materialized='table') }}

{#-
    Which Xero contact a sales ledger of Prospect is: by an id that Prospect holds; else by the account
    number; else by name and e-mail together. The first way that finds any contact decides: one is a
    match, several are ambiguous and never guessed, unless they were merged into one. Ways without an id
    look at active contacts only.
-#}
{%- set sides = [
    ('ledgers', 'stg_prospect__sales_ledgers', 'ledger_name'),
    ('contacts', 'stg_xero__contacts', 'contact_name'),
] -%}
with
{% for side, model, name in sides -%}
{{ side }} as (
    select
        *,
        lower(trim(replace(replace({{ name }}, '  ', ' '), '  ', ' '))) as name_key,
        lower(trim(email_address)) as email_key
    from {{ ref(model) }}
    where not is_deleted
),

{% endfor -%}

found as (
    {%- for theirs in ['accounts_id', 'sales_ledger_id', 'secondary_accounts_id'] %}
    select
        ledgers.tenant_id,
        ledgers.ledger_key,
        1 as method_order,
        'external_id' as match_method,
        contacts.contact_id
    from ledgers
    inner join contacts
        on
            ledgers.tenant_id = contacts.tenant_id
            and lower(ledgers.{{ theirs }}) = contacts.contact_id
    union distinct
    {%- endfor %}
    select
        ledgers.tenant_id,
        ledgers.ledger_key,
        2 as method_order,
        'account_number' as match_method,
        contacts.contact_id
    from ledgers
    inner join contacts
        on
            ledgers.tenant_id = contacts.tenant_id
            and ledgers.customer_code = contacts.account_number
    where contacts.contact_status = 'ACTIVE'
    union distinct
    select
        ledgers.tenant_id,
        ledgers.ledger_key,
        3 as method_order,
        'name_and_email' as match_method,
        contacts.contact_id
    from ledgers
    inner join contacts
        on
            ledgers.tenant_id = contacts.tenant_id
            and ledgers.name_key = contacts.name_key
            and ledgers.email_key = contacts.email_key
    where contacts.contact_status = 'ACTIVE'
),

decisive as (
    select
        tenant_id,
        ledger_key,
        min(method_order) as method_order
    from found
    group by tenant_id, ledger_key
),

matched as (
    select
        found.tenant_id,
        found.ledger_key,
        found.match_method,
        count(distinct coalesce(followed.contact_id, found.contact_id)) as candidate_count,
        case
            when count(distinct found.contact_id) = 1 then min(found.contact_id)
            else min(coalesce(followed.contact_id, found.contact_id))
        end as contact_id
    from found
    inner join decisive
        on
            found.tenant_id = decisive.tenant_id
            and found.ledger_key = decisive.ledger_key
            and found.method_order = decisive.method_order
    left join {{ ref('int_contacts_followed') }} as followed
        on
            found.tenant_id = followed.tenant_id
            and found.contact_id = followed.stated_contact_id
    group by found.tenant_id, found.ledger_key, found.match_method
),

final as (
    select
        ledgers.tenant_id,
        ledgers.ledger_key,
        ledgers.operating_company,
        ledgers.sales_ledger_id,
        ledgers.ledger_name,
        ledgers.customer_code,
        matched.match_method,
        case
            when matched.candidate_count is null then 'unmatched'
            when matched.candidate_count = 1 then 'matched'
            else 'ambiguous'
        end as match_status,
        coalesce(matched.candidate_count, 0) as candidate_count,
        case when matched.candidate_count = 1 then matched.contact_id end as contact_id
    from ledgers
    left join matched
        on
            ledgers.tenant_id = matched.tenant_id
            and ledgers.ledger_key = matched.ledger_key
)

select * from final
