{# What kind of record an amount comes from, out of int_documents_unified's document type. #}
{% macro source_type_of(document_type) -%}
    case {{ document_type }}
        when 'invoice' then 'sales_invoice'
        when 'credit_note' then 'sales_credit_note'
        else {{ document_type }}
    end
{%- endmacro %}
