{{ config(materialized='table') }}

{#-
    What WorkGuru offers for a line's account, tax and tracking, each with the level it comes from. A
    row without line_id holds for all lines of its document. Which one wins is decided for all systems
    alike; a level that is switched off there is listed here all the same.
-#}
{%- set text = dbt.type_string() -%}

with lines as (
    select * from {{ ref('int_workguru__lines_unified') }}
),

jobs as (
    select * from {{ ref('int_workguru__jobs_unified') }}
),

contacts as (
    select
        tenant_id,
        'sales' as side,
        client_id as source_contact_id,
        sales_account_code as account_code,
        tax_code
    from {{ ref('stg_workguru__clients') }}
    union all
    select
        tenant_id,
        'purchases' as side,
        supplier_id as source_contact_id,
        expense_account_code as account_code,
        tax_code
    from {{ ref('stg_workguru__suppliers') }}
),

document_codes as (
    select
        documents.tenant_id,
        documents.document_type,
        documents.document_id,
        case documents.side when 'sales' then 'sales' when 'purchases' then 'cost' end as side_of_override,
        case documents.side
            when 'sales' then jobs.sales_account_code
            when 'purchases' then jobs.expense_account_code
        end as job_account_code,
        contacts.account_code as contact_account_code,
        contacts.tax_code as contact_tax_code
    from {{ ref('int_workguru__outgoing_documents') }} as documents
    left join jobs
        on
            documents.tenant_id = jobs.tenant_id
            and documents.project_id = jobs.project_id
    left join contacts
        on
            documents.tenant_id = contacts.tenant_id
            and documents.side = contacts.side
            and documents.source_contact_id = contacts.source_contact_id
),

{#- attribute, level, value, value_kind; `side_of_override` where an account is for one side only. -#}
{%- set of_lines = [
    ('account', 'line', 'account_code', "'code'", 'null'),
    ('account', 'item_override', 'item_account_code', "'code'", 'item_side'),
    (
        'tax',
        'line',
        'coalesce(xero_tax_type, tax_code)',
        "case when xero_tax_type is not null then 'xero_tax_type' else 'source_tax_code' end",
        'null',
    ),
    ('tax', 'item_override', 'item_tax_code', "'source_tax_code'", 'item_side'),
] %}
{%- set of_documents = [
    ('account', 'job', 'job_account_code', "'code'"),
    ('account', 'contact', 'contact_account_code', "'code'"),
    ('tax', 'contact', 'contact_tax_code', "'source_tax_code'"),
] %}

candidates as (
    {%- for attribute, level, value, value_kind, side in of_lines %}
    select
        tenant_id,
        document_type,
        document_id,
        line_id,
        '{{ attribute }}' as attribute,
        '{{ level }}' as level,
        {{ value }} as value,
        {{ value_kind }} as value_kind,
        cast({{ side }} as {{ text }}) as side_of_override,
        cast(null as {{ text }}) as tracking_category,
        false as is_explicit_none
    from lines
    where {{ value }} is not null and line_kind != 'text'
    union all
    {%- endfor %}
    {%- for attribute, level, value, value_kind in of_documents %}
    select
        tenant_id,
        document_type,
        document_id,
        cast(null as {{ text }}) as line_id,
        '{{ attribute }}' as attribute,
        '{{ level }}' as level,
        {{ value }} as value,
        {{ value_kind }} as value_kind,
        side_of_override,
        cast(null as {{ text }}) as tracking_category,
        false as is_explicit_none
    from document_codes
    where {{ value }} is not null
    union all
    {%- endfor %}
    select
        tenant_id,
        document_type,
        document_id,
        line_id,
        'tracking' as attribute,
        level,
        value,
        value_kind,
        cast(null as {{ text }}) as side_of_override,
        tracking_category,
        is_explicit_none
    from {{ ref('int_workguru__tracking_chosen') }}
),

final as (
    select
        tenant_id,
        'workguru' as source_system,
        document_type,
        document_id,
        line_id,
        attribute,
        level,
        value,
        value_kind,
        side_of_override,
        tracking_category,
        is_explicit_none
    from candidates
)

select * from final
