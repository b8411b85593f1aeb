{{ config(materialized='table') }}

{#-
    document_type, side, staging model, who is on the other side, its column of dates. Credit notes of
    clients and of suppliers are numbered apart by WorkGuru and share a document_type here: their
    document_id says which.
-#}
{%- set priced = [
    ('invoice', 'sales', 'invoices', 'client_id', ''),
    ('credit_note', 'sales', 'client_credit_notes', 'client_id', 'client-'),
    ('credit_note', 'purchases', 'supplier_credit_notes', 'supplier_id', 'supplier-'),
    ('purchase', 'purchases', 'purchase_orders', 'supplier_id', ''),
] -%}
{%- set counted = [('adjustment', 'stock_adjustments'), ('stock_take', 'stock_takes')] -%}

with contacts as (
    select
        tenant_id,
        'sales' as side,
        client_id as source_contact_id,
        contact_name,
        account_number,
        xero_contact_id,
        currency_code
    from {{ ref('stg_workguru__clients') }}
    union all
    select
        tenant_id,
        'purchases' as side,
        supplier_id as source_contact_id,
        contact_name,
        account_number,
        xero_contact_id,
        currency_code
    from {{ ref('stg_workguru__suppliers') }}
),

documents as (
    {%- for document_type, side, model, contact, prefix in priced %}
    select
        tenant_id,
        '{{ document_type }}' as document_type,
        '{{ prefix }}' || document_id as document_id,
        '{{ side }}' as side,
        document_number,
        {#- The number that the supplier gave it: WorkGuru has one of a credit note, and its own beside it of a bill. #}
        {%- if document_type == 'purchase' %}
        supplier_invoice_number,
        {%- elif side == 'purchases' %}
        document_number as supplier_invoice_number,
        {%- else %}
        cast(null as {{ dbt.type_string() }}) as supplier_invoice_number,
        {%- endif %}
        {% for column in ['reference', 'xero_document_id'] -%}
        {{ column if document_type == 'invoice' else 'cast(null as ' ~ dbt.type_string() ~ ') as ' ~ column }},
        {% endfor -%}
        source_status,
        source_status in {{ workguru_due_statuses(model) }}
        {%- if document_type == 'purchase' %}
        and supplier_invoice_number is not null
        and document_date is not null
        {%- endif %} as is_due,
        sent_on,
        is_skipped,
        document_date,
        {{ 'due_date' if document_type in ('invoice', 'purchase') else 'cast(null as date)' }} as due_date,
        {{ contact }} as source_contact_id,
        contact_name,
        project_id,
        {%- if document_type == 'purchase' %}
        case when project_id is null then 'stock' else 'project' end as purchase_method,
        {%- else %}
        cast(null as {{ dbt.type_string() }}) as purchase_method,
        {%- endif %}
        currency_code,
        currency_rate,
        case when is_tax_inclusive then 'Inclusive' else 'Exclusive' end as line_amount_types,
        total - coalesce(total_tax, 0) as source_net,
        total_tax as source_tax,
        total as source_total,
        record_updated_at,
        extracted_at
    from {{ ref('stg_workguru__' ~ model) }}
    where not is_deleted
    union all
    {%- endfor %}
    {%- for document_type, model in counted %}
    select
        tenant_id,
        '{{ document_type }}' as document_type,
        document_id,
        'stock' as side,
        document_number,
        cast(null as {{ dbt.type_string() }}) as supplier_invoice_number,
        cast(null as {{ dbt.type_string() }}) as reference,
        cast(null as {{ dbt.type_string() }}) as xero_document_id,
        source_status,
        source_status in {{ workguru_due_statuses(model) }} as is_due,
        sent_on,
        is_skipped,
        document_date,
        cast(null as date) as due_date,
        cast(null as {{ dbt.type_string() }}) as source_contact_id,
        cast(null as {{ dbt.type_string() }}) as contact_name,
        project_id,
        cast(null as {{ dbt.type_string() }}) as purchase_method,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(null as decimal(18, 6)) as currency_rate,
        'NoTax' as line_amount_types,
        cast(null as decimal(18, 4)) as source_net,
        cast(null as decimal(18, 4)) as source_tax,
        cast(null as decimal(18, 4)) as source_total,
        record_updated_at,
        extracted_at
    from {{ ref('stg_workguru__' ~ model) }}
    where not is_deleted
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        documents.tenant_id,
        'workguru' as source_system,
        documents.document_type,
        documents.document_id,
        documents.side,
        documents.document_number,
        documents.supplier_invoice_number,
        documents.reference,
        lower(documents.xero_document_id) as xero_document_id,
        documents.source_status,
        coalesce(documents.is_due, false) as is_due,
        -- WorkGuru writes the year 1900 for "never".
        coalesce(documents.sent_on > cast('1900-12-31' as date), false) as is_sent,
        coalesce(documents.is_skipped, false) as is_skipped,
        documents.document_date,
        documents.due_date,
        documents.source_contact_id,
        coalesce(contacts.contact_name, documents.contact_name) as contact_name,
        contacts.xero_contact_id,
        cast(null as bigint) as xero_contact_count,
        contacts.account_number as contact_account_number,
        documents.project_id,
        documents.purchase_method,
        coalesce(documents.currency_code, contacts.currency_code) as currency_code,
        documents.currency_rate,
        documents.line_amount_types,
        cast(documents.source_net as decimal(18, 4)) as source_net,
        documents.source_tax,
        documents.source_total,
        documents.record_updated_at,
        documents.extracted_at
    from documents
    left join contacts
        on
            documents.tenant_id = contacts.tenant_id
            and documents.side = contacts.side
            and documents.source_contact_id = contacts.source_contact_id
)

select * from final
