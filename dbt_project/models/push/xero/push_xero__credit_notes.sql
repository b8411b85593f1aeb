{{ config(alias='xero__credit_notes') }}

{#-
    Credit notes to clients and from suppliers, as drafts. Discounts are in the price, which is all that a credit note
    can say; what it is set against is for a person to choose.
-#}
{{ push_documents('credit_notes') }}
