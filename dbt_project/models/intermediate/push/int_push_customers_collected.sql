{{ config(materialized='table') }}

{#-
    Who may become, or is, a contact in Xero: the customers and suppliers of all systems. WorkGuru
    numbers clients and suppliers apart. `stated_contact_id` is the id of Xero's that the system holds.
    system_rank: whose word counts where two systems speak of the same contact or item.
-#}
with matched as (

    select * from {{ ref('int_prospect__customers_matched') }}

),

-- Unleashed lists addresses by type; documents go to the postal one.
unleashed_addresses as (

    select
        tenant_id,
        customer_id,
        {%- for column in contact_address_columns().values() %}
        address.{{ column }} as {{ column }},
        {%- endfor %}
        row_number() over (
            partition by tenant_id, customer_id
            order by case when address.address_type = 'Postal' then 0 else 1 end, position
        ) as choice
    from {{ explode_with_position(ref('stg_unleashed__customers'), 'addresses', 'address') }} as exploded

),

{%- set details = contact_detail_columns() %}

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
        {%- for column in details %}
        {{ tidy_text('ledgers.' ~ column) }} as {{ column }},
        {%- endfor %}
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
        customers.tenant_id,
        'unleashed' as source_system,
        2 as system_rank,
        'sales' as side,
        customers.customer_id as source_contact_id,
        customers.customer_id as key_id,
        {{ tidy_text('customers.customer_name') }} as contact_name,
        {{ tidy_text('customers.email_address') }} as email_address,
        {{ tidy_text('customers.customer_code') }} as account_number,
        lower({{ tidy_text('customers.xero_contact_id') }}) as stated_contact_id,
        false as is_found_by_name,
        cast(null as bigint) as stated_contact_count,
        {%- for column in details %}
        {{ tidy_text(('customers.' if column == 'phone_number' else 'addresses.') ~ column) }} as {{ column }},
        {%- endfor %}
        not coalesce(customers.is_obsolete, false) as is_active
    from {{ ref('stg_unleashed__customers') }} as customers
    left join unleashed_addresses as addresses
        on
            customers.tenant_id = addresses.tenant_id
            and customers.customer_id = addresses.customer_id
            and addresses.choice = 1
    where not customers.is_deleted
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
        {{ tidy_text('email_address') }} as email_address,
        {{ tidy_text('account_number') }} as account_number,
        lower({{ tidy_text('xero_contact_id') }}) as stated_contact_id,
        false as is_found_by_name,
        cast(null as bigint) as stated_contact_count,
        {%- for column in details %}
        {{ tidy_text(column) }} as {{ column }},
        {%- endfor %}
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
