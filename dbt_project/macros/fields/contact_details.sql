{#
    Phone and postal address of a customer or supplier, in our names, as every source system has them.
#}
{% macro contact_detail_columns() -%}
    {{ return(['phone_number'] + contact_address_columns().values() | list) }}
{%- endmacro %}

{# The elements of Xero's Address that source systems state: Xero's name, our column. #}
{% macro contact_address_columns() -%}
    {{ return({
        'AddressLine1': 'address_line_1',
        'AddressLine2': 'address_line_2',
        'City': 'city',
        'Region': 'region',
        'PostalCode': 'postal_code',
        'Country': 'country',
    }) }}
{%- endmacro %}

{#
    What is kept of a text that may already be held: blank keeps what is held, and so does one that
    differs in capitals alone.
#}
{% macro kept_text(stated, held) -%}
    case
        when {{ stated }} is null or lower({{ stated }}) = lower({{ held }}) then {{ held }}
        else {{ stated }}
    end
{%- endmacro %}
