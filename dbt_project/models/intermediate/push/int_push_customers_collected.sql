{{ config(materialized='table') }}

{#-
    Who may become, or is, a contact in Xero: the customers and suppliers of all systems. WorkGuru
    numbers clients and suppliers apart. `stated_contact_id` is the id of Xero's that the system holds.
    system_rank: whose word counts where two systems speak of the same contact or item.
-#}
with matched as (

    select * from {{ ref('int_prospect__customers_matched') }}

),

{%- set text = dbt.type_string() %}

collected as (

    -- The product tour's ledger is in real data too; a model account is a template, not a customer.
    select
        ledgers.tenant_id,
        'prospect' as source_system,
        1 as system_rank,
        'sales' as side,
        ledgers.sales_ledger_id as source_contact_id,
        ledgers.sales_ledger_id as key_id,
        {{ tidy_text('ledgers.ledger_name') }} as contact_name,
        {{ tidy_text('ledgers.email_address') }} as email_address,
        {{ tidy_text('ledgers.customer_code') }} as account_number,
        matched.contact_id as stated_contact_id,
        matched.match_method = 'name_and_email' as is_found_by_name,
        case when matched.match_status = 'ambiguous' then matched.candidate_count end as stated_contact_count,
        true as is_active
    from {{ ref('stg_prospect__sales_ledgers') }} as ledgers
    left join matched
        on
            ledgers.tenant_id = matched.tenant_id
            and ledgers.ledger_key = matched.ledger_key
    where
        not ledgers.is_deleted
        and not coalesce(ledgers.is_model_account, false)
        and ledgers.sales_ledger_id <> 'CRMPRODTOUR'
    union all
    select
        tenant_id,
        'unleashed' as source_system,
        2 as system_rank,
        'sales' as side,
        customer_id as source_contact_id,
        customer_id as key_id,
        {{ tidy_text('customer_name') }} as contact_name,
        {{ tidy_text('email_address') }} as email_address,
        {{ tidy_text('customer_code') }} as account_number,
        lower({{ tidy_text('xero_contact_id') }}) as stated_contact_id,
        false as is_found_by_name,
        cast(null as bigint) as stated_contact_count,
        not coalesce(is_obsolete, false) as is_active
    from {{ ref('stg_unleashed__customers') }}
    where not is_deleted
    {%- for model, id, kind, side in [
        ('clients', 'client_id', 'client', 'sales'),
        ('suppliers', 'supplier_id', 'supplier', 'purchases'),
    ] %}
    union all
    select
        tenant_id,
        'workguru' as source_system,
        3 as system_rank,
        '{{ side }}' as side,
        {{ id }} as source_contact_id,
        '{{ kind }}-' || {{ id }} as key_id,
        {{ tidy_text('contact_name') }} as contact_name,
        cast(null as {{ text }}) as email_address,
        {{ tidy_text('account_number') }} as account_number,
        lower({{ tidy_text('xero_contact_id') }}) as stated_contact_id,
        false as is_found_by_name,
        cast(null as bigint) as stated_contact_count,
        coalesce(is_active, true) as is_active
    from {{ ref('stg_workguru__' ~ model) }}
    where not is_deleted
    {%- endfor %}

),

final as (

    select
        *,
        -- ContactNumber takes 50 characters; what is longer is named by its hash.
        case
            when length(source_system || ':' || key_id) <= 50 then source_system || ':' || key_id
            else source_system || ':' || substr({{ sha256_hex('key_id') }}, 1, 32)
        end as record_key
    from collected

)

select * from final
