"""Purchase orders, quotes and the lists beside the books, as data (see `resources`)."""

from __future__ import annotations

from pipelines.sandbox.resource import BUDGETS, CONTACTS, INVOICES, SETTINGS, Resource

ORDERS = (
    Resource(
        "PurchaseOrders",
        "PurchaseOrders",
        "PurchaseOrder",
        "PurchaseOrderID",
        INVOICES,
        other_keys=("PurchaseOrderNumber",),
        is_paged=True,
        always_paged=True,
        has_since=True,
        has_where=False,
        has_date_strings=True,
        filters={"Status": "Status"},
        date_filters={"DateFrom": ("Date", "from"), "DateTo": ("Date", "to")},
    ),
    Resource(
        "Quotes",
        "Quotes",
        "Quote",
        "QuoteID",
        INVOICES,
        is_paged=True,
        page_sized=False,
        always_paged=True,
        tells_pages=False,
        has_since=True,
        has_where=False,
        has_date_strings=True,
        filters={
            "Status": "Status",
            "QuoteNumber": "QuoteNumber",
            "ContactID": "Contact.ContactID",
        },
        date_filters={
            "DateFrom": ("Date", "from"),
            "DateTo": ("Date", "to"),
            "ExpiryDateFrom": ("ExpiryDate", "from"),
            "ExpiryDateTo": ("ExpiryDate", "to"),
        },
    ),
    Resource(
        "RepeatingInvoices",
        "RepeatingInvoices",
        "RepeatingInvoice",
        "RepeatingInvoiceID",
        INVOICES,
    ),
    Resource(
        "LinkedTransactions",
        "LinkedTransactions",
        "LinkedTransaction",
        "LinkedTransactionID",
        INVOICES,
        is_paged=True,
        page_sized=False,
        always_paged=True,
        tells_pages=False,
        has_where=False,
        filters={
            name: name
            for name in (
                *("LinkedTransactionID", "SourceTransactionID", "TargetTransactionID"),
                *("ContactID", "Status"),
            )
        },
    ),
    Resource("Currencies", "Currencies", "Currency", "Code", SETTINGS),
    Resource(
        "BrandingThemes",
        "BrandingThemes",
        "BrandingTheme",
        "BrandingThemeID",
        SETTINGS,
        has_where=False,
    ),
    Resource(
        "ContactGroups",
        "ContactGroups",
        "ContactGroup",
        "ContactGroupID",
        CONTACTS,
        unpaged_empty=frozenset({"Contacts"}),
        archived_field="Status",
        hidden_status=("DELETED", ""),  # nothing shows them
    ),
    Resource(
        "Budgets",
        "Budgets",
        "Budget",
        "BudgetID",
        BUDGETS,
        has_where=False,
        filters={"IDs": "BudgetID"},
        unpaged_empty=frozenset({"BudgetLines"}),
    ),
)
