{{ config(alias='xero__contacts') }}

{#-
    Customers and suppliers as contacts. The values of the template contact are in a create alone: an
    existing contact is sent its name, e-mail, phone and postal address, never tracking or default
    accounts, and no blank: of an address, what the source does not say stays as Xero has it.
-#}
with owned as (

    select
        owned.*,
        policies.mode is not null as may_create
    from {{ ref('int_push_contacts_owned') }} as owned
    left join {{ ref('int_push_policies_set') }} as policies
        on
            owned.tenant_id = policies.tenant_id
            and policies.target = 'xero'
            and policies.entity = 'contacts'
            and policies.operation = 'create'

),

templates as (

    select * from {{ ref('int_push_contact_templates') }}

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

details as (

    select * from {{ ref('stg_xero__contact_details') }}

),

tracked as (

    select
        tenant_id,
        contact_id,
        max(case when side = 'sales' then 1 else 0 end) = 1 as has_sales_tracking,
        max(case when side = 'purchases' then 1 else 0 end) = 1 as has_purchases_tracking
    from {{ ref('int_contact_tracking_resolved') }}
    where is_latest
    group by tenant_id, contact_id

),

joined as (

    select
        owned.*,
        owned.state in ('new', 'ambiguous', 'name_taken') as is_new,
        organisations.organisation_name,
        templates.contact_id as template_contact_id,
        templates.template_count,
        templates.contact_name as template_name,
        templates.left_out,
        {% for side in ['sales', 'purchases'] -%}
        case
            when templates.is_in_use {{ "and owned.side = 'sales'" if side == 'sales' }}
                then templates.{{ side }}_account_code
        end as template_{{ side }}_account,
        case
            when templates.is_in_use {{ "and owned.side = 'sales'" if side == 'sales' }}
                then templates.{{ side }}_tracking
        end as template_{{ side }}_tracking,
        coalesce(tracked.has_{{ side }}_tracking, false) as has_{{ side }}_tracking,
        contacts.{{ side }}_account_code as held_{{ side }}_account,
        {% endfor -%}
        case when templates.is_in_use then templates.branding_theme_id end as branding_theme_id,
        case when templates.is_in_use and owned.side = 'sales' then templates.sales_terms_day end as sales_terms_day,
        templates.sales_terms_type,
        case when templates.is_in_use then templates.bills_terms_day end as bills_terms_day,
        templates.bills_terms_type,
        contacts.contact_name as held_name,
        nullif(contacts.email_address, '') as held_email,
        -- Capitals alone are no change.
        case when lower(owned.contact_name) = lower(contacts.contact_name) then contacts.contact_name else owned.contact_name end
            as sent_name,
        case
            when lower(owned.email_address) = lower(contacts.email_address) then contacts.email_address
            else owned.email_address
        end as sent_email,
        {{ is_same_phone('owned.phone_number', 'details') }} as is_same_phone,
        {%- for part in ['phone_number', 'phone_area_code', 'phone_country_code'] %}
        details.{{ part }} as held_{{ part }},
        {%- endfor %}
        {%- for column in contact_address_columns().values() %}
        details.{{ column }} as held_{{ column }},
        {{ kept_text('owned.' ~ column, 'details.' ~ column) }} as sent_{{ column }},
        {%- endfor %}
        coalesce({% for column in contact_address_columns().values() %}owned.{{ column }}{{ ', ' if not loop.last }}{% endfor %})
        is not null as has_address,
        versions.version_hash as held_version
    from owned
    inner join {{ ref('int_organisation_limits_read') }} as organisations
        on owned.tenant_id = organisations.tenant_id
    left join templates
        on owned.tenant_id = templates.tenant_id
    left join contacts
        on
            owned.tenant_id = contacts.tenant_id
            and owned.contact_id = contacts.contact_id
    left join details
        on
            owned.tenant_id = details.tenant_id
            and owned.contact_id = details.contact_id
    left join tracked
        on
            owned.tenant_id = tracked.tenant_id
            and owned.contact_id = tracked.contact_id
    left join {{ ref('stg_push__held_versions') }} as versions
        on
            owned.tenant_id = versions.tenant_id
            and owned.contact_id = versions.record_id
            and versions.record_type = 'xero__contacts'

),

{%- set details = {'Phones': contact_phones('sent'), 'Addresses': contact_addresses('sent')} -%}
{%- set held_details = {'Phones': contact_phones('held'), 'Addresses': contact_addresses('held')} -%}
{%- set created = dict({
    'Name': json_string('sent_name'),
    'ContactNumber': json_string('record_key'),
    'AccountNumber': json_string('account_number'),
    'EmailAddress': json_string('sent_email'),
}, **details) -%}
{%- do created.update({
    'SalesDefaultAccountCode': json_string('template_sales_account'),
    'PurchasesDefaultAccountCode': json_string('template_purchases_account'),
    'SalesTrackingCategories': 'template_sales_tracking',
    'PurchasesTrackingCategories': 'template_purchases_tracking',
    'BrandingTheme': "nullif(" ~ json_object_of({'BrandingThemeID': json_string('branding_theme_id')}) ~ ", '{}')",
    'PaymentTerms': "nullif(" ~ json_object_of({
        'Bills': "case when bills_terms_day is not null then " ~ json_object_of({
            'Day': json_number('bills_terms_day', 0), 'Type': json_string('bills_terms_type'),
        }) ~ " end",
        'Sales': "case when sales_terms_day is not null then " ~ json_object_of({
            'Day': json_number('sales_terms_day', 0), 'Type': json_string('sales_terms_type'),
        }) ~ " end",
    }) ~ ", '{}')",
}) -%}
{%- set updated = dict({
    'ContactID': json_string('contact_id'),
    'Name': json_string('sent_name'),
    'EmailAddress': json_string('sent_email'),
}, **details) -%}
{%- set held = dict({
    'ContactID': json_string('contact_id'),
    'Name': held_member('sent_name', json_string('held_name')),
    'EmailAddress': held_member('sent_email', json_string('held_email')),
}, **held_details) -%}
{%- set missing = texts_joined([
    "case when template_sales_account is not null and held_sales_account is null then 'sales account' end",
    "case when template_purchases_account is not null and held_purchases_account is null then 'purchases account' end",
    "case when template_sales_tracking is not null and not has_sales_tracking then 'sales tracking' end",
    "case when template_purchases_tracking is not null and not has_purchases_tracking then 'purchases tracking' end",
], ', ') -%}
{%- set source = system_name('source_system') %}
{%- set findings = [
    push_finding('CON_NAME_MISSING', 'block', 'is_new and contact_name is null', {
        'key': 'record_key', 'source': source,
    }),
    push_finding('CON_NAME_INVALID', 'block',
        "contact_name like '%<%' or contact_name like '%>%' or length(contact_name) > 255",
        {'name': 'contact_name', 'source': source}),
    push_finding('CON_AMBIGUOUS', 'block', "state = 'ambiguous'", {
        'n': 'cast(candidate_count as ' ~ dbt.type_string() ~ ')',
        'shared': "case when account_number is null then 'name ' || contact_name else 'account number ' || account_number end",
    }),
    push_finding('CON_NAME_TAKEN', 'block', "state = 'name_taken'", {'name': 'contact_name', 'source': source}),
    push_finding('CON_NAME_TWICE', 'block', 'is_name_twice', {
        'source': source, 'other': system_name('first_system'), 'name': 'contact_name',
    }),
    push_finding('CON_NUMBER', 'block', 'is_number_elsewhere', {'number': 'record_key'}),
    push_finding('CON_ARCHIVED', 'skip', "state = 'archived'", {'name': 'xero_contact_name'}),
    push_finding('CON_MERGED', 'warn', "state = 'merged'", {
        'name': 'stated_contact_name', 'target': 'xero_contact_name',
    }),
    push_finding('TPL_NONE', 'hold', "state = 'new' and template_contact_id is null", {
        'organisation': 'organisation_name',
    }),
    push_finding('TPL_SEVERAL', 'block', "state = 'new' and template_count > 1", {
        'n': 'cast(template_count as ' ~ dbt.type_string() ~ ')', 'organisation': 'organisation_name',
    }),
    push_finding('TPL_BAD', 'warn', "state = 'new' and left_out is not null", {'field': 'left_out'}),
    push_finding('TPL_INCOMPLETE', 'warn',
        "state in ('existing', 'name_taken') and match_method in ('contact_number', 'account_number', 'name')"
        ~ " and missing_fields <> '' and template_count = 1",
        {'contact': 'coalesce(held_name, xero_contact_name, contact_name)', 'fields': 'missing_fields'}),
] %}

described as (

    select
        *,
        {{ missing }} as missing_fields
    from joined

),

records as (

    select
        tenant_id,
        record_key,
        case
            when state = 'merged' then 'none'
            when is_new then 'create'
            else 'update'
        end as operation_hint,
        case
            when is_new then {{ json_object_of(created) }}
            else {{ json_object_of(updated) }}
        end as payload,
        'Contact ' || coalesce(contact_name, held_name, record_key) as label,
        contact_id as target_id,
        case when contact_id is not null then {{ json_object_of(held) }} end as held_payload,
        held_version,
        {{ json_list_of(findings) }} as findings,
        {{
            json_object_of({
                'contact': "case when is_new then '\"new\"' else '\"existing\"' end",
                'contact_name': json_string('coalesce(contact_name, held_name)'),
                'match_method': json_string('match_method'),
                'template_contact': "case when is_new then " ~ json_string('template_name') ~ " end",
            })
        }} as facts,
        {{ json_nothing() }} as depends_on,
        source_system,
        source_contact_id as source_record_id,
        {{
            json_object_of({
                'Name': json_string('contact_name'),
                'EmailAddress': json_string('email_address'),
                'Phone': json_string('phone_number'),
                'Address': contact_address_stated(),
            })
        }} as content
    from described

),

{{ push_records('xero', 'contacts') }}
