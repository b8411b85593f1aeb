"""What is known of each endpoint's records: the field of their id, and which habits they have."""

from __future__ import annotations

UNSTAMPED = frozenset(
    [
        *("Organisation", "TrackingCategories", "TaxRates", "BankTransfers", "RepeatingInvoices"),
        *("Currencies", "BrandingThemes", "ContactGroups", "Journals"),
    ]
)
# Shown with the present names of what they name; their own change stamps do not move.
NAMED_LATE = frozenset(
    [
        *("BankTransactions", "Prepayments", "Overpayments", "PurchaseOrders", "Quotes"),
        "RepeatingInvoices",
    ]
)
# Lists that may be empty: an organisation that was given none holds none.
OPTIONAL = frozenset(
    [
        *(
            "ManualJournals",
            "BankTransfers",
            "BatchPayments",
            "ContactGroups",
            "LinkedTransactions",
        ),
        *("Currencies", "BrandingThemes", "Budgets", *NAMED_LATE),
    ]
)

ID_FIELDS = {
    "Organisation": "OrganisationID",
    "Accounts": "AccountID",
    "TrackingCategories": "TrackingCategoryID",
    "TaxRates": "TaxType",
    "Items": "ItemID",
    "Contacts": "ContactID",
    "Invoices": "InvoiceID",
    "CreditNotes": "CreditNoteID",
    "ManualJournals": "ManualJournalID",
    "Journals": "JournalID",
    "BankTransactions": "BankTransactionID",
    "BankTransfers": "BankTransferID",
    "Payments": "PaymentID",
    "BatchPayments": "BatchPaymentID",
    "Prepayments": "PrepaymentID",
    "Overpayments": "OverpaymentID",
    "PurchaseOrders": "PurchaseOrderID",
    "Quotes": "QuoteID",
    "RepeatingInvoices": "RepeatingInvoiceID",
    "LinkedTransactions": "LinkedTransactionID",
    "Currencies": "Code",
    "BrandingThemes": "BrandingThemeID",
    "ContactGroups": "ContactGroupID",
    "Budgets": "BudgetID",
}
