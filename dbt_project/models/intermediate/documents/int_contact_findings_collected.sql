with contacts as (

    select * from {{ ref('stg_xero__contacts') }}
    where not is_deleted

),

documents as (

    select * from {{ ref('int_documents_unified') }}

),

accounts as (

    select * from {{ ref('stg_xero__accounts') }}

),

account_codes as (

    select * from {{ ref('int_account_codes_resolved') }}

),

contact_tracking as (

    select * from {{ ref('int_contact_tracking_resolved') }}
    where is_latest

),

tracking_options as (

    select * from {{ ref('stg_xero__tracking_options') }}

),

-- Two names are enough to find the contacts.
account_number_shared as (

    select
        tenant_id,
        'account_number_shared' as rule,
        'account_number' as record_type,
        account_number as record_id,
        account_number as record_label,
        'Account number ' || account_number || ' belongs to ' || cast(count(*) as {{ dbt.type_string() }})
        || ' contacts, among them ' || min(contact_name) || ' and ' || max(contact_name)
        || '. A customer of another system cannot be told apart by it. Give each contact its own.' as message,
        cast(null as decimal(18, 4)) as amount_base,
        max(extracted_at) as first_seen_at
    from contacts
    where account_number <> '' and contact_status = 'ACTIVE'
    group by tenant_id, account_number
    having count(*) > 1

),

archived_default_option as (

    select
        contacts.tenant_id,
        'archived_default_option' as rule,
        'contact' as record_type,
        contacts.contact_id as record_id,
        max(contacts.contact_name) as record_label,
        'Contact ' || max(contacts.contact_name) || ' has the default tracking '
        || min(tracking_options.tracking_option_name)
        || ', which is no longer in use. Choose another default on the contact.' as message,
        cast(null as decimal(18, 4)) as amount_base,
        max(greatest(contacts.extracted_at, tracking_options.extracted_at)) as first_seen_at
    from contact_tracking
    inner join contacts
        on
            contact_tracking.tenant_id = contacts.tenant_id
            and contact_tracking.contact_id = contacts.contact_id
    inner join tracking_options
        on
            contact_tracking.tenant_id = tracking_options.tenant_id
            and contact_tracking.tracking_option_id = tracking_options.tracking_option_id
    where
        contacts.contact_status = 'ACTIVE'
        and (tracking_options.is_deleted or tracking_options.option_status <> 'ACTIVE')
    group by contacts.tenant_id, contacts.contact_id

),

default_accounts as (

    {% for side in ['sales', 'purchases'] %}
    select
        tenant_id,
        contact_id,
        contact_name,
        '{{ side }}' as side,
        {{ side }}_account_code as account_code,
        extracted_at
    from contacts
    where {{ side }}_account_code is not null and contact_status = 'ACTIVE'
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

default_account_not_in_use as (

    select
        default_accounts.tenant_id,
        'default_account_not_in_use' as rule,
        'contact' as record_type,
        default_accounts.contact_id as record_id,
        max(default_accounts.contact_name) as record_label,
        'Contact ' || max(default_accounts.contact_name) || ' has the default account '
        || min(default_accounts.account_code || ' (' || default_accounts.side || ')')
        || ', which is archived or not in the chart of accounts. Choose another on the contact.' as message,
        cast(null as decimal(18, 4)) as amount_base,
        greatest(
            max(default_accounts.extracted_at),
            coalesce(max(account_codes.extracted_at), max(default_accounts.extracted_at))
        ) as first_seen_at
    from default_accounts
    left join account_codes
        on
            default_accounts.tenant_id = account_codes.tenant_id
            and default_accounts.account_code = account_codes.account_code
    where coalesce(account_codes.code_status, 'unknown') <> 'ok'
    group by default_accounts.tenant_id, default_accounts.contact_id

),

-- What is open in a currency that no bank account is kept in will be converted when it is paid.
currency_without_bank_account as (

    select
        documents.tenant_id,
        'currency_without_bank_account' as rule,
        'currency' as record_type,
        documents.currency_code as record_id,
        documents.currency_code as record_label,
        'Documents are open in ' || documents.currency_code || ', ' || cast(count(*) as {{ dbt.type_string() }})
        || ' of them, and no bank account is kept in it: each payment is converted at the rate that is entered with it.'
        || ' Open an account in that currency in Xero if there is one at the bank.' as message,
        cast(
            sum(
                case when documents.side = 'sales' then 1 else -1 end
                * case when documents.is_credit then -1 else 1 end
                * {{ to_base('documents.amount_open', 'documents.currency_rate') }}
            ) as decimal(18, 4)
        ) as amount_base,
        max(documents.extracted_at) as first_seen_at
    from documents
    left join accounts
        on
            documents.tenant_id = accounts.tenant_id
            and documents.currency_code = accounts.currency_code
            and accounts.account_type = 'BANK'
            and accounts.account_status = 'ACTIVE'
            and not accounts.is_deleted
    where
        accounts.account_id is null
        and documents.is_posted
        and documents.amount_open > 0
        and documents.currency_code <> documents.base_currency
    group by documents.tenant_id, documents.currency_code

),

findings as (

    {% for rule in
        ['account_number_shared', 'archived_default_option', 'default_account_not_in_use',
         'currency_without_bank_account'] %}
    select * from {{ rule }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        tenant_id,
        rule,
        'warning' as severity,
        record_type,
        record_id,
        record_label,
        message,
        amount_base,
        first_seen_at
    from findings

)

select * from final
