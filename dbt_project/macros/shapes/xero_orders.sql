{# What is read of orders, quotes, budgets and the short lists, named as in Xero's JSON. #}

{% macro xero_purchase_order_shape() -%}
    {{ return({
        'PurchaseOrderNumber': 'string',
        'Status': 'string',
        'DateString': 'date',
        'Date': 'date',
        'DeliveryDateString': 'date',
        'DeliveryDate': 'date',
        'Reference': 'string',
        'Contact': {'ContactID': 'string', 'Name': 'string'},
        'LineAmountTypes': 'string',
        'CurrencyCode': 'string',
        'CurrencyRate': 'decimal(18,6)',
        'SubTotal': 'decimal(18,4)',
        'TotalTax': 'decimal(18,4)',
        'Total': 'decimal(18,4)',
        'LineItems': xero_document_shape()['LineItems'],
    }) }}
{%- endmacro %}

{% macro xero_quote_shape() -%}
    {{ return({
        'QuoteNumber': 'string',
        'Status': 'string',
        'DateString': 'date',
        'Date': 'date',
        'ExpiryDateString': 'date',
        'ExpiryDate': 'date',
        'Title': 'string',
        'Reference': 'string',
        'Contact': {'ContactID': 'string', 'Name': 'string'},
        'LineAmountTypes': 'string',
        'CurrencyCode': 'string',
        'CurrencyRate': 'decimal(18,6)',
        'SubTotal': 'decimal(18,4)',
        'TotalTax': 'decimal(18,4)',
        'Total': 'decimal(18,4)',
        'LineItems': xero_document_shape()['LineItems'],
    }) }}
{%- endmacro %}

{% macro xero_repeating_invoice_shape() -%}
    {{ return({
        'Type': 'string',
        'Status': 'string',
        'Reference': 'string',
        'Contact': {'ContactID': 'string', 'Name': 'string'},
        'Schedule': {
            'Period': 'bigint',
            'Unit': 'string',
            'StartDate': 'date',
            'NextScheduledDate': 'date',
            'EndDate': 'date',
        },
        'LineAmountTypes': 'string',
        'CurrencyCode': 'string',
        'SubTotal': 'decimal(18,4)',
        'TotalTax': 'decimal(18,4)',
        'Total': 'decimal(18,4)',
        'LineItems': xero_document_shape()['LineItems'],
    }) }}
{%- endmacro %}

{% macro xero_linked_transaction_shape() -%}
    {{ return({
        'Status': 'string',
        'Type': 'string',
        'SourceTransactionID': 'string',
        'SourceLineItemID': 'string',
        'SourceTransactionTypeCode': 'string',
        'ContactID': 'string',
        'TargetTransactionID': 'string',
        'TargetLineItemID': 'string',
    }) }}
{%- endmacro %}

{% macro xero_currency_shape() -%}
    {{ return({'Description': 'string'}) }}
{%- endmacro %}

{% macro xero_branding_theme_shape() -%}
    {{ return({'Name': 'string', 'SortOrder': 'bigint', 'CreatedDateUTC': 'instant'}) }}
{%- endmacro %}

{% macro xero_contact_group_shape() -%}
    {{ return({'Name': 'string', 'Status': 'string'}) }}
{%- endmacro %}

{% macro xero_budget_shape() -%}
    {{ return({
        'Type': 'string',
        'Description': 'string',
        'BudgetLines': [{
            'AccountID': 'string',
            'AccountCode': 'string',
            'BudgetBalances': [{'Period': 'string', 'Amount': 'decimal(18,4)'}],
        }],
        'Tracking': [{'TrackingCategoryID': 'string', 'TrackingOptionID': 'string'}],
    }) }}
{%- endmacro %}
