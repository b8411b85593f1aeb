"""The sandbox's endpoints as data: what each one is called, and which of Xero's habits it has.

Facts are those of the support matrix in the reference (from Xero's OpenAPI file and documentation).
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.sandbox.money_resources import MONEY
from pipelines.sandbox.order_resources import ORDERS
from pipelines.sandbox.resource import (
    BALANCE_SHEET,
    CONTACT_DEFAULTS,
    CONTACTS,
    INVOICES,
    JOURNALS,
    MANUAL_JOURNALS,
    PROFIT_AND_LOSS,
    SETTINGS,
    TRIAL_BALANCE,
    Resource,
)

__all__ = ["BALANCE_SHEET", "PROFIT_AND_LOSS", "RESOURCES", "TRIAL_BALANCE", "Resource"]

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
    Resource(
        "Journals",
        "Journals",
        "Journal",
        "JournalID",
        JOURNALS,
        other_keys=("JournalNumber",),
        has_since=True,
        has_where=False,
        stamp_field="CreatedDateUTC",
        number_field="JournalNumber",
        single_drops=frozenset({"SourceID", "SourceType"}),
    ),
)

RESOURCES: Mapping[str, Resource] = {
    resource.name.lower(): resource for resource in (*_ALL, *MONEY, *ORDERS)
}
