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
PROFIT_AND_LOSS = ("accounting.reports.profitandloss.read", "accounting.reports.read")

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
        archived_field: The status by which archived records vanish without includeArchived.
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
    has_since: bool = False
    has_where: bool = True
    has_unit_places: bool = False
    has_date_strings: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    unpaged_empty: frozenset[str] = frozenset()
    unpaged_drops: frozenset[str] = frozenset()
    summary_drops: frozenset[str] = frozenset()
    archived_field: str | None = None
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

RESOURCES: Mapping[str, Resource] = {resource.name.lower(): resource for resource in _ALL}
