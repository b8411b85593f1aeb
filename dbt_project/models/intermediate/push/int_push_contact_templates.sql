{{ config(materialized='table') }}

{#-
    What a new customer inherits, per organisation: the defaults of its template contact that are still
    in use, as JSON with the names of today. What is archived is left out and named. An entry without a
    name, which Xero would refuse, is left out in silence.
-#}
with templates as (

    select
        bound.tenant_id,
        count(*) as template_count,
        min(bound.contact_id) as contact_id
    from {{ ref('int_template_contacts_bound') }} as bound
    group by bound.tenant_id

),

contacts as (

    select * from {{ ref('stg_xero__contacts') }}

),

terms as (

    select * from {{ ref('stg_xero__contact_terms') }}

),

active_accounts as (

    select distinct
        tenant_id,
        account_code
    from {{ ref('stg_xero__accounts') }}
    where not is_deleted and account_status = 'ACTIVE' and account_code is not null

),

entries as (

    select
        tracking.tenant_id,
        tracking.side,
        tracking.position,
        tracking.stated_category_name,
        tracking.stated_option_name,
        categories.tracking_category_name,
        options.tracking_option_name,
        coalesce(
            categories.category_status = 'ACTIVE' and not categories.is_deleted
            and options.option_status = 'ACTIVE' and not options.is_deleted,
            false
        ) as is_in_use
    from {{ ref('int_contact_tracking_resolved') }} as tracking
    inner join templates
        on
            tracking.tenant_id = templates.tenant_id
            and tracking.contact_id = templates.contact_id
    left join {{ ref('stg_xero__tracking_categories') }} as categories
        on
            tracking.tenant_id = categories.tenant_id
            and tracking.tracking_category_id = categories.tracking_category_id
    left join {{ ref('stg_xero__tracking_options') }} as options
        on
            tracking.tenant_id = options.tenant_id
            and tracking.tracking_option_id = options.tracking_option_id
    where
        tracking.is_latest
        and nullif(trim(tracking.stated_category_name), '') is not null
        and nullif(trim(tracking.stated_option_name), '') is not null

),

{%- set entry = json_object_of({
    'TrackingCategoryName': json_string('tracking_category_name'),
    'TrackingOptionName': json_string('tracking_option_name'),
}) %}

tracking as (

    select
        tenant_id,
        {%- for side in ['sales', 'purchases'] %}
        nullif(
            {{
                json_list_of_rows(
                    "case when side = '" ~ side ~ "' and is_in_use then " ~ entry ~ " end",
                    'position'
                )
            }},
            '[]'
        ) as {{ side }}_tracking,
        {%- endfor %}
        min(case when not is_in_use then stated_category_name || ' = ' || stated_option_name end) as archived_entry
    from entries
    group by tenant_id

),

final as (

    select
        templates.tenant_id,
        templates.template_count,
        templates.contact_id,
        contacts.contact_name,
        coalesce(contacts.contact_status = 'ACTIVE' and not contacts.is_deleted, false) as is_in_use,
        {%- for side in ['sales', 'purchases'] %}
        case when {{ side }}_accounts.account_code is not null then contacts.{{ side }}_account_code end
            as {{ side }}_account_code,
        tracking.{{ side }}_tracking,
        {%- endfor %}
        terms.branding_theme_id,
        terms.sales_terms_day,
        terms.sales_terms_type,
        terms.bills_terms_day,
        terms.bills_terms_type,
        case
            when contacts.contact_status <> 'ACTIVE' or contacts.is_deleted then 'contact ' || contacts.contact_name
            when contacts.sales_account_code is not null and sales_accounts.account_code is null
                then 'sales account ' || contacts.sales_account_code
            when contacts.purchases_account_code is not null and purchases_accounts.account_code is null
                then 'purchases account ' || contacts.purchases_account_code
            else tracking.archived_entry
        end as left_out
    from templates
    left join contacts
        on
            templates.tenant_id = contacts.tenant_id
            and templates.contact_id = contacts.contact_id
    {%- for side in ['sales', 'purchases'] %}
    left join active_accounts as {{ side }}_accounts
        on
            contacts.tenant_id = {{ side }}_accounts.tenant_id
            and contacts.{{ side }}_account_code = {{ side }}_accounts.account_code
    {%- endfor %}
    left join tracking
        on templates.tenant_id = tracking.tenant_id
    left join terms
        on
            templates.tenant_id = terms.tenant_id
            and templates.contact_id = terms.contact_id

)

select * from final
