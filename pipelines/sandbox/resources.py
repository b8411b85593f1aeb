"""The sandbox's endpoints as data: what each one is called, and which of Xero's habits it has.

Facts are those of the support matrix in the reference (from Xero's OpenAPI file and documentation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SETTINGS = ("accounting.settings", "accounting.settings.read")
CONTACTS = ("accounting.contacts", "accounting.contacts.read")
INVOICES = (
    *("accounting.invoices", "accounting.invoices.read"),
    *("accounting.transactions", "accounting.transactions.read"),
)
MANUAL_JOURNALS = (
    *("accounting.manualjournals", "accounting.manualjournals.read"),
    *("accounting.transactions", "accounting.transactions.read"),
)
PAYMENTS, BANK_TRANSACTIONS = (
    (
        *(f"accounting.{group}", f"accounting.{group}.read"),
        *("accounting.transactions", "accounting.transactions.read"),
    )
    for group in ("payments", "banktransactions")
)
BUDGETS = ("accounting.budgets.read",)
PROFIT_AND_LOSS, BALANCE_SHEET, TRIAL_BALANCE = (
    (f"accounting.reports.{report}.read", "accounting.reports.read")
    for report in ("profitandloss", "balancesheet", "trialbalance")
)

CONTACT_DEFAULTS = frozenset(
    {
        *("SalesDefaultAccountCode", "PurchasesDefaultAccountCode"),
        *("SalesTrackingCategories", "PurchasesTrackingCategories"),
        *("TrackingCategoryName", "TrackingCategoryOption"),
    }
)


@dataclass(frozen=True)
class Resource:
    """One endpoint.

    Attributes:
        name: Xero's name in the path, which is also the world's name for its records.
        list_key: The key of the list in an answer.
        singular: One record's element in XML.
        id_field: The field that identifies a record.
        other_keys: Fields by which a single GET may also ask.
        scopes: Any one of these lets a token read it.
        filters: List parameters, each with the path of the field it selects on.
        unpaged_empty: Lists that are served empty unless paging, single or full.
        unpaged_drops: Fields left out unless paging or single.
        summary_drops: Fields that summaryOnly leaves out.
        page_sized: Whether `pageSize` counts; pages are of 100 without it.
        always_paged: Whether a list without `page` is its first page.
        tells_pages: Whether a page's answer has a `pagination`.
        stamp_field: What If-Modified-Since is compared with.
        archived_field: The status by which archived records vanish without includeArchived.
        hidden_status: That status, and the parameter that shows them all the same.
        nested_archived: A nested list of which the same is true, and its status field.
        search_fields: Where searchTerm looks.
    """

    name: str
    list_key: str
    singular: str
    id_field: str
    scopes: tuple[str, ...]
    other_keys: tuple[str, ...] = ()
    is_paged: bool = False
    page_sized: bool = True
    always_paged: bool = False
    tells_pages: bool = True
    stamp_field: str = "UpdatedDateUTC"
    has_since: bool = False
    has_where: bool = True
    has_unit_places: bool = False
    has_date_strings: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    unpaged_empty: frozenset[str] = frozenset()
    unpaged_drops: frozenset[str] = frozenset()
    summary_drops: frozenset[str] = frozenset()
    archived_field: str | None = None
    hidden_status: tuple[str, str] = ("ARCHIVED", "includearchived")
    nested_archived: tuple[str, str] | None = None
    search_fields: tuple[str, ...] = ()

    @property
    def write_scopes(self) -> tuple[str, ...]:
        """Any one of these lets a token write it."""
        return tuple(scope for scope in self.scopes if not scope.endswith(".read"))


_ALL = (
    Resource(
        "Organisation",
        "Organisations",
        "Organisation",
        "OrganisationID",
        (*SETTINGS, *CONTACTS, *INVOICES),
        has_where=False,
    ),
    Resource("Accounts", "Accounts", "Account", "AccountID", SETTINGS, has_since=True),
    Resource(
        "TrackingCategories",
        "TrackingCategories",
        "TrackingCategory",
        "TrackingCategoryID",
        SETTINGS,
        archived_field="Status",
        nested_archived=("Options", "Status"),
    ),
    Resource("TaxRates", "TaxRates", "TaxRate", "TaxType", SETTINGS),
    Resource(
        "Items",
        "Items",
        "Item",
        "ItemID",
        (*SETTINGS, *INVOICES),
        other_keys=("Code",),
        has_since=True,
        has_unit_places=True,
    ),
    Resource(
        "Contacts",
        "Contacts",
        "Contact",
        "ContactID",
        CONTACTS,
        other_keys=("ContactNumber",),
        is_paged=True,
        has_since=True,
        filters={"IDs": "ContactID"},
        unpaged_drops=CONTACT_DEFAULTS
        | {"MergedToContactID", "SalesDefaultLineAmountType", "PurchasesDefaultLineAmountType"},
        summary_drops=CONTACT_DEFAULTS
        | {"Addresses", "Balances", "ContactGroups", "ContactPersons", "IsCustomer", "IsSupplier"},
        archived_field="ContactStatus",
        search_fields=("Name", "FirstName", "LastName", "ContactNumber", "EmailAddress"),
    ),
    Resource(
        "Invoices",
        "Invoices",
        "Invoice",
        "InvoiceID",
        INVOICES,
        other_keys=("InvoiceNumber",),
        is_paged=True,
        has_since=True,
        has_unit_places=True,
        has_date_strings=True,
        filters={
            "IDs": "InvoiceID",
            "InvoiceNumbers": "InvoiceNumber",
            "ContactIDs": "Contact.ContactID",
            "Statuses": "Status",
        },
        unpaged_empty=frozenset({"LineItems"}),
        summary_drops=frozenset({"LineItems", "Payments", "HasAttachments", "CISDeduction"}),
        search_fields=("InvoiceNumber", "Reference"),
    ),
    Resource(
        "CreditNotes",
        "CreditNotes",
        "CreditNote",
        "CreditNoteID",
        INVOICES,
        other_keys=("CreditNoteNumber",),
        is_paged=True,
        has_since=True,
        has_unit_places=True,
        has_date_strings=True,
        unpaged_empty=frozenset({"LineItems"}),
    ),
    Resource(
        "ManualJournals",
        "ManualJournals",
        "ManualJournal",
        "ManualJournalID",
        MANUAL_JOURNALS,
        is_paged=True,
        has_since=True,
        unpaged_empty=frozenset({"JournalLines"}),
    ),
)

_LINES = frozenset({"LineItems"})
_MONEY = (
    Resource(
        "BankTransactions",
        "BankTransactions",
        "BankTransaction",
        "BankTransactionID",
        BANK_TRANSACTIONS,
        is_paged=True,
        has_since=True,
        has_unit_places=True,
        has_date_strings=True,
        unpaged_empty=_LINES,
    ),
    Resource(
        "BankTransfers",
        "BankTransfers",
        "BankTransfer",
        "BankTransferID",
        BANK_TRANSACTIONS,
        has_since=True,
        has_date_strings=True,
        stamp_field="CreatedDateUTC",
        archived_field="Status",
        hidden_status=("DELETED", "includedeleted"),
    ),
    Resource(
        "Payments", "Payments", "Payment", "PaymentID", PAYMENTS, is_paged=True, has_since=True
    ),
    Resource(
        "BatchPayments",
        "BatchPayments",
        "BatchPayment",
        "BatchPaymentID",
        PAYMENTS,
        has_since=True,
        has_date_strings=True,
    ),
    *(
        Resource(
            f"{kind}s",
            f"{kind}s",
            kind,
            f"{kind}ID",
            PAYMENTS,
            is_paged=True,
            has_since=True,
            has_unit_places=True,
            has_date_strings=True,
            filters=filters,
            unpaged_empty=_LINES,
        )
        for kind, filters in (
            ("Prepayment", {"InvoiceNumbers": "InvoiceNumber"}),
            ("Overpayment", {"References": "Reference"}),
        )
    ),
)

RESOURCES: Mapping[str, Resource] = {
    resource.name.lower(): resource for resource in (*_ALL, *_MONEY)
}
