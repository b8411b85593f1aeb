{#
    What is read of each WorkGuru record: our name, then [WorkGuru's name, type]. This file is the only
    place that knows WorkGuru's names; where a tenant's answers show another, change it here.

    Seen in public clients' code against the live API (README of pipelines/workguru): the fields of
    invoices and their lines and of purchase orders and their lines, without those marked `assumed`.
    WorkGuru publishes no schemas; all else is assumed, after the habits of those two. The sandbox
    answers in the same names.
#}
{% macro workguru_fields() -%}
    {%- set money, rate = 'decimal(18,4)', 'decimal(18,6)' -%}
    {#- A reporting category chosen on a record; `isNone` is the choice to have none. All assumed. -#}
    {%- set categories = ['reportingCategories', [{
        'tracking_category_id': ['xeroTrackingCategoryId', 'string'],
        'tracking_category_name': ['name', 'string'],
        'tracking_option_id': ['xeroTrackingOptionId', 'string'],
        'tracking_option_name': ['optionName', 'string'],
        'is_explicit_none': ['isNone', 'boolean'],
    }]] -%}
    {%- set sales_line = {
        'source_line_id': ['id', 'string'],
        'line_type': ['lineType', 'string'],
        'product_id': ['productId', 'string'],
        'task_id': ['taskId', 'string'],
        'item_code': ['sku', 'string'],
        'line_name': ['name', 'string'],
        'description': ['description', 'string'],
        'quantity': ['quantity', money],
        'unit_amount': ['unitAmount', money],
        'discount_rate': ['discountRate', rate],
        'discount_amount': ['discountAmount', money],
        'line_amount': ['lineAmount', money],
        'tax_amount': ['taxAmount', money],
        'tax_code': ['taxName', 'string'],
        'xero_tax_type': ['taxType', 'string'],
        'account_code': ['accountCode', 'string'],
        'sort_order': ['sortOrder', 'bigint'],
        'is_removed': ['isDeleted', 'boolean'],
        'reporting_categories': categories,
    } -%}
    {#- A purchase line's `accountCode` is its product's sales account, and is not read. -#}
    {%- set purchase_line = {
        'source_line_id': ['id', 'string'],
        'product_id': ['productId', 'string'],
        'item_code': ['sku', 'string'],
        'line_name': ['name', 'string'],
        'description': ['description', 'string'],
        'quantity': ['quantity', money],
        'unit_amount': ['invoicePrice', money],
        'ordered_unit_amount': ['orderPrice', money],
        'discount_rate': ['discountRate', rate],
        'discount_amount': ['discountAmount', money],
        'line_amount': ['lineTotal', money],
        'tax_amount': ['taxAmount', money],
        'tax_code': ['taxName', 'string'],
        'xero_tax_type': ['taxType', 'string'],
        'account_code': ['glAccountCode', 'string'],
        'expense_account_code': ['expenseAccountCode', 'string'],
        'sort_order': ['sortOrder', 'bigint'],
        'is_removed': ['isDeleted', 'boolean'],
        'reporting_categories': categories,
    } -%}
    {%- set credit_line = dict(sales_line, **{
        'credited_line_id': ['creditedLineId', 'string'],
        'is_returned': ['isReturned', 'boolean'],
        'returned_at': ['returnedTime', 'timestamp'],
        'unit_cost': ['unitCost', money],
    }) -%}
    {%- set stock_line = {
        'source_line_id': ['id', 'string'],
        'product_id': ['productId', 'string'],
        'item_code': ['sku', 'string'],
        'description': ['description', 'string'],
        'quantity': ['quantity', money],
        'unit_cost': ['unitCost', money],
        'is_removed': ['isDeleted', 'boolean'],
        'reporting_categories': categories,
    } -%}
    {#- On every document that goes to accounting. `sentToAccounting` is a time; year 1900 means none. -#}
    {%- set outgoing = {
        'source_status': ['status', 'string'],
        'sent_on': ['sentToAccounting', 'date'],
        'is_skipped': ['skipSendToAccounting', 'boolean'],
        'reporting_categories': categories,
    } -%}
    {%- set priced = {
        'currency_code': ['currency', 'string'],
        'currency_rate': ['exchangeRate', rate],
        'is_tax_inclusive': ['isTaxInclusive', 'boolean'],
        'total': ['total', money],
    } -%}
    {%- set stock_document = dict({
        'document_number': ['number', 'string'],
        'document_date': ['date', 'date'],
        'project_id': ['projectId', 'string'],
        'lines': ['lines', [stock_line]],
    }, **outgoing) -%}
    {%- set contact = {
        'contact_name': ['name', 'string'],
        'account_number': ['accountNumber', 'string'],
        'xero_contact_id': ['xeroId', 'string'],
        'is_active': ['isActive', 'boolean'],
        'tax_code': ['taxName', 'string'],
        'currency_code': ['currency', 'string'],
        'email_address': ['email', 'string'], 'phone_number': ['phone', 'string'],
        'address_line_1': ['address1', 'string'], 'address_line_2': ['address2', 'string'],
        'city': ['city', 'string'], 'region': ['state', 'string'],
        'postal_code': ['postcode', 'string'], 'country': ['country', 'string'],
    } -%}
    {%- set job = {
        'project_number': ['projectNumber', 'string'],
        'project_name': ['projectName', 'string'],
        'project_status': ['status', 'string'],
        'client_id': ['clientId', 'string'],
        'sales_account_code': ['salesAccountCode', 'string'],
        'expense_account_code': ['expenseAccountCode', 'string'],
        'reporting_categories': categories,
    } -%}
    {{ return({
        'clients': dict(contact, sales_account_code=['salesAccountCode', 'string']),
        'suppliers': dict(contact, expense_account_code=['expenseAccountCode', 'string']),
        'projects': job,
        'production_jobs': dict(job, product_id=['productId', 'string']),
        'tasks': {
            'task_name': ['name', 'string'],
            'project_id': ['projectId', 'string'],
            'sales_account_code': ['salesAccountCode', 'string'],
            'sell_tax_code': ['sellTaxName', 'string'],
        },
        'products': {
            'item_code': ['sku', 'string'],
            'product_name': ['name', 'string'],
            'stock_tracking_type': ['trackingType', 'string'],
            'is_active': ['isActive', 'boolean'],
            'sales_account_code': ['accountCode', 'string'],
            'expense_account_code': ['expenseAccountCode', 'string'],
            'sell_tax_code': ['sellTaxName', 'string'],
            'purchase_tax_code': ['purchaseTaxName', 'string'],
            'sell_price': ['sellPrice', money],
            'buy_price': ['buyPrice', money],
        },
        'quotes': {
            'document_number': ['quoteNumber', 'string'],
            'source_status': ['status', 'string'],
            'document_date': ['date', 'date'],
            'client_id': ['clientId', 'string'],
            'project_id': ['projectId', 'string'],
            'total': ['total', money],
            'total_tax': ['totalTax', money],
        },
        'invoices': dict({
            'document_number': ['invoiceNumber', 'string'],
            'document_date': ['date', 'date'],
            'due_date': ['dueDate', 'date'],
            'client_id': ['clientId', 'string'],
            'contact_name': ['client.name', 'string'],
            'project_id': ['projectId', 'string'],
            'reference': ['clientPurchaseOrder', 'string'],
            'xero_document_id': ['xeroId', 'string'],
            'total_tax': ['totalTax', money],
            'task_lines': ['taskLineItems', [sales_line]],
            'product_lines': ['productLineItems', [sales_line]],
            'purchase_lines': ['purchaseLineItems', [sales_line]],
            'other_lines': ['otherLineItems', [sales_line]],
        }, **dict(outgoing, **priced)),
        'client_credit_notes': dict({
            'document_number': ['number', 'string'],
            'document_date': ['date', 'date'],
            'client_id': ['clientId', 'string'],
            'contact_name': ['client.name', 'string'],
            'project_id': ['projectId', 'string'],
            'credited_document_id': ['invoiceId', 'string'],
            'total_tax': ['totalTax', money],
            'lines': ['lineItems', [credit_line]],
        }, **dict(outgoing, **priced)),
        'supplier_credit_notes': dict({
            'document_number': ['number', 'string'],
            'document_date': ['date', 'date'],
            'supplier_id': ['supplierId', 'string'],
            'contact_name': ['supplier.name', 'string'],
            'project_id': ['projectId', 'string'],
            'credited_document_id': ['purchaseOrderId', 'string'],
            'total_tax': ['totalTax', money],
            'lines': ['lineItems', [credit_line]],
        }, **dict(outgoing, **priced)),
        'purchase_orders': dict({
            'document_number': ['number', 'string'],
            'supplier_invoice_number': ['supplierInvoiceNumber', 'string'],
            'document_date': ['invoiceDate', 'date'],
            'due_date': ['invoiceDueDate', 'date'],
            'received_date': ['receivedDate', 'date'],
            'supplier_id': ['supplierId', 'string'],
            'contact_name': ['supplier.name', 'string'],
            'project_id': ['projectId', 'string'],
            'is_landed_costs_order': ['isLandedCostsPo', 'boolean'],
            'total_tax': ['taxTotal', money],
            'product_lines': ['products', [purchase_line]],
            'landed_cost_lines': ['landedCosts', [purchase_line]],
            'landed_cost_orders': ['landedCostPurchaseOrders', [{'purchase_order_id': ['id', 'string']}]],
        }, **dict(outgoing, **priced)),
        'stock_usage': {
            'source_status': ['status', 'string'],
            'moved_at': ['usageTime', 'timestamp'],
            'product_id': ['productId', 'string'],
            'item_code': ['sku', 'string'],
            'quantity': ['quantity', money],
            'unit_cost': ['unitCost', money],
            'project_id': ['projectId', 'string'],
            'reversed_usage_id': ['reversedUsageId', 'string'],
            'reporting_categories': categories,
        },
        'stock_sales': {
            'document_number': ['number', 'string'],
            'source_status': ['status', 'string'],
            'client_id': ['clientId', 'string'],
            'project_id': ['projectId', 'string'],
            'reporting_categories': categories,
            'dispatches': ['dispatches', [{
                'dispatch_id': ['id', 'string'],
                'moved_at': ['dispatchTime', 'timestamp'],
                'product_id': ['productId', 'string'],
                'item_code': ['sku', 'string'],
                'quantity': ['quantity', money],
                'unit_cost': ['unitCost', money],
                'reporting_categories': categories,
            }]],
        },
        'stock_adjustments': stock_document,
        'stock_takes': stock_document,
    }) }}
{%- endmacro %}

{#
    The status at which a record goes to accounting. A purchase order must also have the supplier's
    invoice number and its date. (Vendor's help pages 43000697971, 43000488459, 43000659634.)
#}
{% macro workguru_due_statuses(table) -%}
    {%- set due = {
        'invoices': ['Approved'],
        'client_credit_notes': ['Approved'],
        'supplier_credit_notes': ['Approved'],
        'purchase_orders': ['Invoiced'],
        'stock_adjustments': ['Saved'],
        'stock_takes': ['Saved'],
        'stock_usage': ['Saved'],
        'stock_sales': ['Dispatched', 'Partially Dispatched', 'Invoiced', 'Complete'],
    } -%}
    {{ return("('" ~ due[table] | join("', '") ~ "')") }}
{%- endmacro %}
