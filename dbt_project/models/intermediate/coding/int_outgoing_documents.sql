{#- What goes, or may go, to accounting, of all source systems. -#}
{%- set columns = [
    'tenant_id', 'source_system', 'document_type', 'document_id', 'side', 'document_number',
    'supplier_invoice_number', 'reference', 'xero_document_id', 'source_status', 'is_due', 'is_sent', 'is_skipped', 'document_date', 'due_date', 'source_contact_id', 'contact_name',
    'xero_contact_id', 'xero_contact_count', 'contact_account_number', 'project_id', 'purchase_method',
    'currency_code', 'currency_rate', 'line_amount_types', 'source_net', 'source_tax', 'source_total', 'record_updated_at',
    'extracted_at',
] -%}

{% for system in source_systems() -%}
select {{ columns | join(', ') }} from {{ ref('int_' ~ system ~ '__outgoing_documents') }}
{{ 'union all' if not loop.last }}
{% endfor %}
