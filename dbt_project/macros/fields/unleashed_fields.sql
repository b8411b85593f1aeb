{#
    What is read of each Unleashed record: our name, then [Unleashed's name, type]. This file is the
    only place that knows Unleashed's names; where a tenant's answers show another, change it here.

    Names were seen in typed clients and in recorded answers (README of pipelines/unleashed), without
    those marked `assumed`.
#}
{% macro unleashed_fields() -%}
    {%- set money, rate = 'decimal(18,4)', 'decimal(18,6)' -%}
    {%- set line = {
        'source_line_id': ['Guid', 'string'],
        'line_number': ['LineNumber', 'bigint'],
        'line_type': ['LineType', 'string'],
        'product_id': ['Product.Guid', 'string'],
        'item_code': ['Product.ProductCode', 'string'],
        'product_description': ['Product.ProductDescription', 'string'],
        'comments': ['Comments', 'string'],
        'unit_amount': ['UnitPrice', money],
        'discount_fraction': ['DiscountRate', rate],
        'line_amount': ['LineTotal', money],
        'tax_amount': ['LineTax', money],
        'tax_code': ['LineTaxCode', 'string'],
        'xero_tax_type': ['XeroTaxCode', 'string'],
        'account_code': ['XeroSalesAccount', 'string'],
    } -%}
    {%- set document = {
        'customer_id': ['Customer.Guid', 'string'],
        'customer_code': ['Customer.CustomerCode', 'string'],
        'customer_name': ['Customer.CustomerName', 'string'],
        'currency_code': ['Currency.CurrencyCode', 'string'],
        'currency_rate': ['ExchangeRate', rate],
        'order_number': ['OrderNumber', 'string'],
        'sub_total': ['SubTotal', money],
        'tax_total': ['TaxTotal', money],
        'total': ['Total', money],
    } -%}
    {{ return({
        'customers': {
            'customer_code': ['CustomerCode', 'string'],
            'customer_name': ['CustomerName', 'string'],
            'email_address': ['Email', 'string'],
            'currency_code': ['Currency.CurrencyCode', 'string'],
            'tax_code': ['TaxCode', 'string'],
            'xero_contact_id': ['XeroContactId', 'string'],
            'sales_account_code': ['XeroSalesAccount', 'string'],
            'phone_number': ['PhoneNumber', 'string'],
            'addresses': ['Addresses', [{
                'address_type': ['AddressType', 'string'],
                'address_line_1': ['StreetAddress', 'string'],
                'address_line_2': ['StreetAddress2', 'string'],
                'city': ['City', 'string'],
                'region': ['Region', 'string'],
                'postal_code': ['PostalCode', 'string'],
                'country': ['Country', 'string'],
            }]],
            'is_obsolete': ['Obsolete', 'boolean'],
        },
        'products': {
            'item_code': ['ProductCode', 'string'],
            'product_description': ['ProductDescription', 'string'],
            'product_group': ['ProductGroup.GroupName', 'string'],
            'default_sell_price': ['DefaultSellPrice', money],
            'sales_account_code': ['XeroSalesAccount', 'string'],
            'cogs_account_code': ['XeroCostOfGoodsAccount', 'string'],
            'purchase_account_code': ['PurchaseAccount', 'string'],
            'sales_tax_type': ['XeroSalesTaxCode', 'string'],
            'purchase_tax_type': ['XeroTaxCode', 'string'],
            'is_serialized': ['IsSerialized', 'boolean'],
            'is_batch_tracked': ['IsBatchTracked', 'boolean'],
            'is_never_diminishing': ['NeverDiminishing', 'boolean'],
            'is_obsolete': ['Obsolete', 'boolean'],
        },
        'sales_orders': dict({
            'order_status': ['OrderStatus', 'string'],
            'order_date': ['OrderDate', 'date'],
            'customer_reference': ['CustomerRef', 'string'],
            'lines': ['SalesOrderLines', [dict(line, quantity=['OrderQuantity', money])]],
        }, **document),
        'invoices': dict({
            'invoice_number': ['InvoiceNumber', 'string'],
            'invoice_status': ['InvoiceStatus', 'string'],
            'invoice_date': ['InvoiceDate', 'date'],
            'due_date': ['DueDate', 'date'],
            'lines': ['InvoiceLines', [dict(line, quantity=['InvoiceQuantity', money])]],
        }, **document),
    }) }}
{%- endmacro %}

{# The InvoiceStatus at which an invoice goes to accounting. Assumed. #}
{% macro unleashed_due_statuses() -%}
    {{ return("('Completed')") }}
{%- endmacro %}
