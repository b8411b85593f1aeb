{# What is read of records that move money, and of reports, named as in Xero's JSON. #}

{% macro xero_credit_note_shape() -%}
    {%- set shape = dict(xero_document_shape()) -%}
    {%- do shape.update({'Allocations': xero_allocations_shape()}) -%}
    {{ return(shape) }}
{%- endmacro %}

{% macro xero_allocations_shape() -%}
    {{ return([{
        'AllocationID': 'string',
        'Invoice': {'InvoiceID': 'string', 'InvoiceNumber': 'string'},
        'Amount': 'decimal(18,4)',
        'Date': 'date',
        'IsDeleted': 'boolean',
    }]) }}
{%- endmacro %}

{% macro xero_payment_shape() -%}
    {%- set contact = {'ContactID': 'string'} -%}
    {{ return({
        'PaymentType': 'string',
        'Status': 'string',
        'Date': 'date',
        'Amount': 'decimal(18,4)',
        'BankAmount': 'decimal(18,4)',
        'CurrencyRate': 'decimal(18,6)',
        'Reference': 'string',
        'IsReconciled': 'boolean',
        'InvoiceNumber': 'string',
        'CreditNoteNumber': 'string',
        'BatchPaymentID': 'string',
        'BatchPayment': {'BatchPaymentID': 'string'},
        'Account': {'AccountID': 'string'},
        'Invoice': {
            'InvoiceID': 'string',
            'InvoiceNumber': 'string',
            'CurrencyCode': 'string',
            'Contact': contact,
        },
        'CreditNote': {'CreditNoteID': 'string', 'Contact': contact},
        'Prepayment': {'PrepaymentID': 'string', 'CurrencyCode': 'string', 'Contact': contact},
        'Overpayment': {'OverpaymentID': 'string', 'CurrencyCode': 'string', 'Contact': contact},
    }) }}
{%- endmacro %}

{% macro xero_bank_transaction_shape() -%}
    {{ return({
        'Type': 'string',
        'Status': 'string',
        'DateString': 'date',
        'Date': 'date',
        'Reference': 'string',
        'Contact': {'ContactID': 'string', 'Name': 'string'},
        'BankAccount': {'AccountID': 'string'},
        'LineAmountTypes': 'string',
        'CurrencyCode': 'string',
        'CurrencyRate': 'decimal(18,6)',
        'SubTotal': 'decimal(18,4)',
        'TotalTax': 'decimal(18,4)',
        'Total': 'decimal(18,4)',
        'IsReconciled': 'boolean',
        'PrepaymentID': 'string',
        'OverpaymentID': 'string',
        'Url': 'string',
        'LineItems': xero_document_shape()['LineItems'],
    }) }}
{%- endmacro %}

{# Prepayments and overpayments. #}
{% macro xero_advance_shape() -%}
    {{ return({
        'Type': 'string',
        'InvoiceNumber': 'string',
        'Status': 'string',
        'DateString': 'date',
        'Date': 'date',
        'Reference': 'string',
        'Contact': {'ContactID': 'string', 'Name': 'string'},
        'LineAmountTypes': 'string',
        'CurrencyCode': 'string',
        'CurrencyRate': 'decimal(18,6)',
        'SubTotal': 'decimal(18,4)',
        'TotalTax': 'decimal(18,4)',
        'Total': 'decimal(18,4)',
        'RemainingCredit': 'decimal(18,4)',
        'LineItems': xero_document_shape()['LineItems'],
        'Allocations': xero_allocations_shape(),
    }) }}
{%- endmacro %}

{% macro xero_bank_transfer_shape() -%}
    {{ return({
        'Status': 'string',
        'DateString': 'date',
        'Date': 'date',
        'Amount': 'decimal(18,4)',
        'CurrencyRate': 'decimal(18,6)',
        'FromBankAccount': {'AccountID': 'string'},
        'ToBankAccount': {'AccountID': 'string'},
        'FromBankTransactionID': 'string',
        'ToBankTransactionID': 'string',
        'Reference': 'string',
        'CreatedDateUTC': 'instant',
    }) }}
{%- endmacro %}

{% macro xero_batch_payment_shape() -%}
    {{ return({
        'Type': 'string',
        'Status': 'string',
        'DateString': 'date',
        'Date': 'date',
        'Account': {'AccountID': 'string'},
        'TotalAmount': 'decimal(18,4)',
        'Reference': 'string',
        'IsReconciled': 'boolean',
        'Payments': [{'PaymentID': 'string'}],
    }) }}
{%- endmacro %}

{% macro xero_manual_journal_shape() -%}
    {{ return({
        'Narration': 'string',
        'Status': 'string',
        'Date': 'date',
        'LineAmountTypes': 'string',
        'Url': 'string',
        'JournalLines': [{
            'LineAmount': 'decimal(18,4)',
            'TaxAmount': 'decimal(18,4)',
            'TaxType': 'string',
            'AccountCode': 'string',
            'AccountID': 'string',
            'Description': 'string',
            'Tracking': [{'TrackingCategoryID': 'string', 'TrackingOptionID': 'string'}],
        }],
    }) }}
{%- endmacro %}

{# A line's net amount is in base currency, debit positive, and its tax stands on a line of its own. #}
{% macro xero_journal_shape() -%}
    {{ return({
        'JournalNumber': 'bigint',
        'JournalDate': 'date',
        'Reference': 'string',
        'SourceID': 'string',
        'SourceType': 'string',
        'JournalLines': [{
            'JournalLineID': 'string',
            'AccountID': 'string',
            'Description': 'string',
            'NetAmount': 'decimal(18,4)',
            'TaxAmount': 'decimal(18,4)',
            'TaxType': 'string',
            'TrackingCategories': [{'TrackingCategoryID': 'string', 'TrackingOptionID': 'string'}],
        }],
    }) }}
{%- endmacro %}

{# Sections hold rows; the first attribute of a cell names its account. Values are texts, blank or a number. #}
{% macro xero_report_shape() -%}
    {{ return({
        'ReportTitles': ['string'],
        'Rows': [{
            'RowType': 'string',
            'Title': 'string',
            'Rows': [{
                'RowType': 'string',
                'Cells': [{'Value': 'string', 'Attributes': [{'Id': 'string', 'Value': 'string'}]}],
            }],
        }],
    }) }}
{%- endmacro %}
