"""What an endpoint of the sandbox is: its name, its scopes, and which of Xero's habits it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

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
JOURNALS = ("accounting.journals.read",)
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
        date_filters: Parameters that select a range, each with its field and which end it is.
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
        number_field: Where a list shows the 100 records behind the number that `offset` gives.
        single_drops: Fields left out of a single GET.
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
    date_filters: Mapping[str, tuple[str, Literal["from", "to"]]] = field(default_factory=dict)
    unpaged_empty: frozenset[str] = frozenset()
    unpaged_drops: frozenset[str] = frozenset()
    summary_drops: frozenset[str] = frozenset()
    archived_field: str | None = None
    hidden_status: tuple[str, str] = ("ARCHIVED", "includearchived")
    nested_archived: tuple[str, str] | None = None
    search_fields: tuple[str, ...] = ()
    number_field: str | None = None
    single_drops: frozenset[str] = frozenset()

    @property
    def write_scopes(self) -> tuple[str, ...]:
        """Any one of these lets a token write it."""
        return tuple(scope for scope in self.scopes if not scope.endswith(".read"))
