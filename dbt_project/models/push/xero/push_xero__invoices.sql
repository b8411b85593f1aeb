{{ config(alias='xero__invoices') }}

{#-
    Sales invoices as drafts: each line with item, account, tax and tracking; InvoiceNumber is the source's, with the
    prefix of its connection.
-#}
{{ push_documents('invoices') }}
