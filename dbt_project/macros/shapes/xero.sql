{#
    What is read of each Xero record, named as in Xero's JSON; ids come from the raw log, so that a
    record nobody can read still has its own. A field that is not here stays in the raw log.
#}

{% macro xero_organisation_shape() -%}
    {{ return({
        'Name': 'string',
        'LegalName': 'string',
        'BaseCurrency': 'string',
        'ShortCode': 'string',
        'CountryCode': 'string',
        'Timezone': 'string',
        'FinancialYearEndDay': 'bigint',
        'FinancialYearEndMonth': 'bigint',
        'PeriodLockDate': 'date',
        'EndOfYearLockDate': 'date',
        'SalesTaxBasis': 'string',
        'PaysTax': 'boolean',
        'Class': 'string',
        'Edition': 'string',
    }) }}
{%- endmacro %}

{% macro xero_account_shape() -%}
    {{ return({
        'Code': 'string',
        'Name': 'string',
        'Type': 'string',
        'Class': 'string',
        'Status': 'string',
        'TaxType': 'string',
        'EnablePaymentsToAccount': 'boolean',
        'SystemAccount': 'string',
        'CurrencyCode': 'string',
        'ReportingCode': 'string',
        'Description': 'string',
    }) }}
{%- endmacro %}

{% macro xero_tracking_category_shape() -%}
    {{ return({
        'Name': 'string',
        'Status': 'string',
        'Options': [{'TrackingOptionID': 'string', 'Name': 'string', 'Status': 'string'}],
    }) }}
{%- endmacro %}

{% macro xero_tax_rate_shape() -%}
    {{ return({
        'Name': 'string',
        'Status': 'string',
        'ReportTaxType': 'string',
        'EffectiveRate': 'decimal(18,6)',
        'CanApplyToAssets': 'boolean',
        'CanApplyToEquity': 'boolean',
        'CanApplyToExpenses': 'boolean',
        'CanApplyToLiabilities': 'boolean',
        'CanApplyToRevenue': 'boolean',
    }) }}
{%- endmacro %}

{% macro xero_item_shape() -%}
    {{ return({
        'Code': 'string',
        'Name': 'string',
        'Description': 'string',
        'IsSold': 'boolean',
        'IsPurchased': 'boolean',
        'SalesDetails': {'UnitPrice': 'decimal(18,4)', 'AccountCode': 'string', 'TaxType': 'string'},
        'PurchaseDetails': {
            'UnitPrice': 'decimal(18,4)',
            'AccountCode': 'string',
            'COGSAccountCode': 'string',
            'TaxType': 'string',
        },
        'InventoryAssetAccountCode': 'string',
        'IsTrackedAsInventory': 'boolean',
        'QuantityOnHand': 'decimal(18,4)',
        'TotalCostPool': 'decimal(18,4)',
    }) }}
{%- endmacro %}

{% macro xero_contact_shape() -%}
    {%- set tracking = [{'TrackingCategoryName': 'string', 'TrackingOptionName': 'string'}] -%}
    {{ return({
        'Name': 'string',
        'ContactNumber': 'string',
        'AccountNumber': 'string',
        'ContactStatus': 'string',
        'EmailAddress': 'string',
        'MergedToContactID': 'string',
        'IsCustomer': 'boolean',
        'IsSupplier': 'boolean',
        'SalesDefaultAccountCode': 'string',
        'PurchasesDefaultAccountCode': 'string',
        'AccountsReceivableTaxType': 'string',
        'AccountsPayableTaxType': 'string',
        'DefaultCurrency': 'string',
        'SalesTrackingCategories': tracking,
        'PurchasesTrackingCategories': tracking,
    }) }}
{%- endmacro %}

{% macro xero_document_shape() -%}
    {{ return({
        'Type': 'string',
        'InvoiceNumber': 'string',
        'CreditNoteNumber': 'string',
        'Reference': 'string',
        'Status': 'string',
        'DateString': 'date',
        'Date': 'date',
        'DueDateString': 'date',
        'DueDate': 'date',
        'Contact': {'ContactID': 'string', 'Name': 'string'},
        'LineAmountTypes': 'string',
        'CurrencyCode': 'string',
        'CurrencyRate': 'decimal(18,6)',
        'SubTotal': 'decimal(18,4)',
        'TotalTax': 'decimal(18,4)',
        'Total': 'decimal(18,4)',
        'AmountDue': 'decimal(18,4)',
        'AmountPaid': 'decimal(18,4)',
        'AmountCredited': 'decimal(18,4)',
        'RemainingCredit': 'decimal(18,4)',
        'Url': 'string',
        'LineItems': [{
            'LineItemID': 'string',
            'ItemCode': 'string',
            'Item': {'ItemID': 'string'},
            'Description': 'string',
            'Quantity': 'decimal(18,4)',
            'UnitAmount': 'decimal(18,4)',
            'DiscountRate': 'decimal(18,6)',
            'DiscountAmount': 'decimal(18,4)',
            'LineAmount': 'decimal(18,4)',
            'TaxAmount': 'decimal(18,4)',
            'TaxType': 'string',
            'AccountCode': 'string',
            'AccountID': 'string',
            'Tracking': [{
                'TrackingCategoryID': 'string',
                'TrackingOptionID': 'string',
                'Name': 'string',
                'Option': 'string',
            }],
        }],
    }) }}
{%- endmacro %}
