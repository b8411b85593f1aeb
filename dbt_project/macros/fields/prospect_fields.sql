{#
    What is read of each Prospect record: our name, then [Prospect's name, type]. This file is the only
    place that knows Prospect's names; where a tenant's answers show another, change it here.

    Names and types are those of the $metadata of one tenant (README of pipelines/prospect). What the
    names mean is often not said there: what was concluded is marked `assumed`. How a ledger states its
    phone and address is not recorded: those names are assumed.
#}
{% macro prospect_fields() -%}
    {%- set money, rate = 'decimal(18,4)', 'decimal(18,6)' -%}
    {%- set company = {'operating_company': ['OperatingCompanyCode', 'string']} -%}
    {%- set flagged = {'status_flag': ['StatusFlag', 'string']} -%}
    {%- set totals = {
        'net_amount': ['NetValue', money],
        'tax_amount': ['TaxValue', money],
        'gross_amount': ['GrossValue', money],
        'net_amount_base': ['BaseNetValue', money],
        'tax_amount_base': ['BaseTaxValue', money],
        'gross_amount_base': ['BaseGrossValue', money],
    } -%}
    {{ return({
        'companies': dict({'company_name': ['Name', 'string'], 'merged_with': ['MergedWith', 'string']}, **flagged),
        'divisions': dict({
            'company_id': ['CompanyId', 'string'],
            'division_name': ['Name', 'string'],
            'sales_ledger_id': ['SalesLedgerId', 'string'],
        }, **dict(company, **flagged)),
        'contacts': dict({
            'division_id': ['DivisionId', 'string'],
            'forename': ['Forename', 'string'],
            'surname': ['Surname', 'string'],
            'email_address': ['Email', 'string'],
            'merged_with': ['MergedWith', 'string'],
        }, **flagged),
        'sales_ledgers': dict({
            'sales_ledger_id': ['SalesLedgerId', 'string'],
            'ledger_name': ['Name', 'string'],
            'email_address': ['Email', 'string'],
            'customer_code': ['CustomerCode', 'string'],
            'display_description': ['DisplayDescription', 'string'],
            'accounts_id': ['AccountsId', 'string'],
            'secondary_accounts_id': ['SecondaryAccountsId', 'string'],
            'currency_code': ['CurrencyCode', 'string'],
            'tax_code': ['TaxCode', 'string'],
            'analysis_code': ['AnalysisCode', 'string'],
            'user_analysis_code_1': ['UserAnalysisCode1', 'string'],
            'user_analysis_code_2': ['UserAnalysisCode2', 'string'],
            'user_analysis_code_3': ['UserAnalysisCode3', 'string'],
            'is_model_account': ['IsModelAccount', 'boolean'],
            'model_account_used': ['ModelAccountUsed', 'string'],
            'phone_number': ['PhoneNumber', 'string'],
            'address_line_1': ['AddressLine1', 'string'],
            'address_line_2': ['AddressLine2', 'string'],
            'city': ['Town', 'string'],
            'region': ['County', 'string'],
            'postal_code': ['Postcode', 'string'],
            'country': ['Country', 'string'],
        }, **dict(company, **flagged)),
        'product_items': dict({
            'item_code': ['ProductItemId', 'string'],
            'description': ['Description', 'string'],
            'category_id': ['CategoryId', 'string'],
            'sales_analysis': ['SalesAnalysis', 'string'],
            'purchase_analysis': ['PurchaseAnalysis', 'string'],
            'tax_code': ['VatCode', 'string'],
            'accounts_id': ['AccountsId', 'string'],
            'decimal_selling_price': ['DecimalSellingPrice', money],
            'selling_price': ['SellingPrice', 'bigint'],
            'sell_decimals': ['SellDecimals', 'bigint'],
            'decimal_cost_price': ['DecimalCostPrice', money],
            'cost_price': ['CostPrice', 'bigint'],
            'cost_decimals': ['CostDecimals', 'bigint'],
            'is_obsolete': ['Obsolete', 'boolean'],
        }, **company),
        'quotes': dict({
            'contact_id': ['ContactId', 'string'],
            'division_id': ['DivisionId', 'string'],
            'sales_ledger_id': ['SalesLedgerOrderPlacedOnId', 'string'],
            'status_id': ['StatusId', 'string'],
            'description': ['Description', 'string'],
            'customer_reference': ['CustomerOrderReference', 'string'],
            'quote_date': ['QuoteDate', 'date'],
            'order_date': ['OrderDate', 'date'],
            'project_code': ['ProjectCode', 'string'],
            'currency_code': ['CurrencyCode', 'string'],
            'currency_rate': ['ExchangeRateBaseToForeign', rate],
            'accounts_id': ['AccountsId', 'string'],
            'discount_percentage': ['OverallDiscountPercentage', rate],
            'home_discount': ['DecimalBaseDiscountValue', money],
            'foreign_discount': ['DecimalForeignDiscountValue', money],
            'delivery_item_code': ['DeliveryChargeProductItemId', 'string'],
            'delivery_description': ['DeliveryChargeDescription', 'string'],
            'home_delivery': ['DeliveryChargeBaseValue', money],
            'foreign_delivery': ['DeliveryChargeValue', money],
            'delivery_tax_code': ['DeliveryChargeTaxCode', 'string'],
            'delivery_tax': ['DeliveryChargeTaxValue', money],
            'home_net': ['DecimalHomeNetValue', money],
            'home_tax': ['DecimalHomeTaxValue', money],
            'home_gross': ['DecimalHomeGrossValue', money],
            'foreign_net': ['DecimalForeignNetValue', money],
            'foreign_tax': ['DecimalForeignTaxValue', money],
            'foreign_gross': ['DecimalForeignGrossValue', money],
        }, **dict(company, **flagged)),
        'quote_lines': dict({
            'quote_id': ['QuoteId', 'string'],
            'item_code': ['ProductItemId', 'string'],
            'description': ['Description', 'string'],
            'sequence': ['Sequence', money],
            'tax_code': ['TaxCode', 'string'],
            'sales_analysis': ['SalesAnalysis', 'string'],
            'job_code': ['JobCode', 'string'],
            'decimal_quantity': ['DecimalQuantity', money],
            'quantity': ['Quantity', 'bigint'],
            'quantity_decimals': ['QuantityDecimals', 'bigint'],
            'decimal_price': ['DecimalPrice', money],
            'price': ['Price', 'bigint'],
            'sell_decimals': ['SellDecimals', 'bigint'],
            'decimal_foreign_price': ['DecimalForeignPrice', money],
            'foreign_price': ['ForeignCurrencyPrice', 'bigint'],
            'foreign_sell_decimals': ['ForeignSellDecimals', 'bigint'],
            'discount_rate': ['DecimalDiscountPercentage', rate],
            'home_net': ['DecimalNetValue', money],
            'foreign_net': ['DecimalForeignNetValue', money],
            'home_tax': ['DecimalTaxValue', money],
        }, **dict(company, **flagged)),
        'sales_order_headers': dict({
            'order_number': ['OrderNumber', 'string'],
            'quote_id': ['QuoteId', 'string'],
            'sales_ledger_id': ['SalesLedgerId', 'string'],
            'order_status': ['OrderStatus', 'string'],
            'order_date': ['OrderDate', 'date'],
            'currency_code': ['CurrencyCode', 'string'],
            'customer_reference': ['CustomerReference', 'string'],
            'analysis': ['Analysis', 'string'],
            'status_flag': ['Statusflag', 'string'],
        }, **dict(company, **totals)),
        'sales_invoice_headers': dict({
            'invoice_number': ['InvoiceNumber', 'string'],
            'credit_note_number': ['CreditNoteNumber', 'string'],
            'transaction_type': ['TransactionTypeId', 'string'],
            'order_number': ['SalesOrderHeaderId', 'string'],
            'accounts_id': ['AccountsId', 'string'],
            'sales_ledger_id': ['SalesLedgerId', 'string'],
            'quote_id': ['QuoteId', 'string'],
            'invoice_date': ['InvoiceDate', 'date'],
            'due_date': ['DueDate', 'date'],
            'currency_code': ['CurrencyCode', 'string'],
            'status_flag': ['Statusflag', 'string'],
        }, **dict(company, **totals)),
        'sales_transactions': dict({
            'document_id': ['DocumentId', 'string'],
            'line_number': ['LineNumber', 'bigint'],
            'invoice_number': ['InvoiceNumber', 'string'],
            'order_number': ['OrderNumber', 'string'],
            'item_code': ['ProductItemId', 'string'],
            'description': ['ProductDescription', 'string'],
            'sales_ledger_id': ['Account', 'string'],
            'transaction_type': ['TransactionType', 'string'],
            'invoice_date': ['InvoiceDate', 'date'],
            'currency_code': ['CurrencyCode', 'string'],
            'analysis_1': ['Analysis1', 'string'],
            'general_ledger_code': ['GeneralLedgerCode', 'string'],
            'department_code': ['DepartmentCode', 'string'],
            'accounts_id': ['AccountsId', 'string'],
            'calculated_price': ['CalculatedPrice', money],
            'price': ['Price', 'bigint'],
            'sell_decimals': ['SellDecimals', 'bigint'],
            'calculated_quantity': ['CalculatedInvoiceQuantity', money],
            'quantity': ['InvoiceQuantity', 'bigint'],
            'quantity_decimals': ['QuantityDecimals', 'bigint'],
            'calculated_line_value': ['CalculatedLineValue', money],
            'line_value': ['LineValue', 'bigint'],
            'currency_decimals': ['CurrencyDecimals', 'bigint'],
            'discount_rate': ['DiscountRate', rate],
        }, **dict(company, **flagged)),
        'xero_analysis_codes': dict({
            'analysis_code': ['Code', 'string'],
            'analysis_name': ['Name', 'string'],
            'is_obsolete': ['Obsolete', 'boolean'],
        }, **company),
        'sales_ledger_xtras': dict({'sales_ledger_id': ['SalesLedgerId', 'string']}, **prospect_xtra_fields()),
        'quote_xtras': prospect_xtra_fields(),
        'quote_line_xtras': prospect_xtra_fields(),
    }) }}
{%- endmacro %}

{% macro prospect_xtra_fields() -%}
    {%- set fields = {} -%}
    {%- for theirs in prospect_tracking_fields() -%}
        {%- do fields.update({'tracking_' ~ loop.index: [theirs, 'string']}) -%}
    {%- endfor -%}
    {{ return(fields) }}
{%- endmacro %}

{#
    Which custom field of an Xtra holds the option of which Xero tracking category, by the category's
    name. A tenant gives its custom fields labels of its own: this is the sandbox's choice.
#}
{% macro prospect_tracking_fields() -%}
    {{ return({
        'StandardTextField1': 'Sales Channel',
        'StandardTextField2': 'Territory',
        'StandardTextField3': 'Campaign',
    }) }}
{%- endmacro %}

{# What people write into such a field when a record is to have no option at all. Assumed. #}
{% macro prospect_no_option() -%}
    {{ return('(none)') }}
{%- endmacro %}

{#
    The StatusId at which a quote is a confirmed order and goes to accounting. A tenant's own list
    (QuoteStatuses): these are the sandbox's numbers.
#}
{% macro prospect_due_statuses() -%}
    {{ return("('3')") }}
{%- endmacro %}
