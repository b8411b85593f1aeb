{{ config(alias='xero__bills') }}

{#-
    Bills as drafts: InvoiceNumber is the supplier's, our key is in Url, and the supplier's own tax stands on each
    line.
-#}
{{ push_documents('bills') }}
