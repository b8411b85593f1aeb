"""What the extract reads of Xero's Accounting API, as data.

An endpoint is one entry here, a staging model and its YAML. Paging, change stamps and parameters
are those of the support matrix in Xero's documentation; `unitdp=4` keeps unit amounts from being
rounded to two places, `includeArchived` keeps archived records from vanishing.
"""

from __future__ import annotations

from typing import Any

from pipelines.xero.endpoint import PAGE_SIZE, Endpoint, Group, MonthEnds

__all__ = ["ENDPOINTS", "PAGE_SIZE", "Endpoint", "Group", "MonthEnds", "default_scopes"]

STAMP = "UpdatedDateUTC"
ARCHIVED = {"includeArchived": "true"}
FOUR_PLACES = {"unitdp": "4"}
STANDARD = {"standardLayout": "true"}  # whatever layout people made for themselves


def _list(name: str, table: str, group: Group, scope: str, **more: Any) -> Endpoint:
    """Return a list: its key is its name, its records' id the singular with ID."""
    more = {"list_key": name, "id_field": f"{name.removesuffix('s')}ID", **more}
    return Endpoint(name=name, table=table, group=group, scope=f"accounting.{scope}.read", **more)


def _report(name: str, table: str, month_ends: MonthEnds, **params: str) -> Endpoint:
    return Endpoint(
        name=f"Reports/{name}",
        table=f"{table}_reports",
        list_key="Reports",
        id_field="ReportID",
        params=params,
        group="reports",
        scope=f"accounting.reports.{name.lower()}.read",
        month_ends=month_ends,
    )


ENDPOINTS: dict[str, Endpoint] = {
    endpoint.name: endpoint
    for endpoint in (
        _list(
            "Organisation", "organisation", "configuration", "settings", list_key="Organisations"
        ),
        _list("Accounts", "accounts", "configuration", "settings", stamp_field=STAMP),
        _list(
            "TrackingCategories",
            "tracking_categories",
            "configuration",
            "settings",
            id_field="TrackingCategoryID",
            params=ARCHIVED,
        ),
        # A rate's name can repeat.
        _list("TaxRates", "tax_rates", "configuration", "settings", id_field="TaxType"),
        _list("Items", "items", "configuration", "settings", stamp_field=STAMP, params=FOUR_PLACES),
        _list("Currencies", "currencies", "documents", "settings", id_field="Code"),
        _list("BrandingThemes", "branding_themes", "documents", "settings"),
        _list(
            "Contacts",
            "contacts",
            "contacts",
            "contacts",
            is_paged=True,
            stamp_field=STAMP,
            params=ARCHIVED,
        ),
        # Who is in one stands on the contacts.
        _list("ContactGroups", "contact_groups", "contacts", "contacts"),
        _list(
            "Invoices",
            "invoices",
            "documents",
            "invoices",
            is_paged=True,
            stamp_field=STAMP,
            params=FOUR_PLACES,
        ),
        _list(
            "CreditNotes",
            "credit_notes",
            "documents",
            "invoices",
            is_paged=True,
            stamp_field=STAMP,
            params=FOUR_PLACES,
        ),
        _list(
            "BankTransactions",
            "bank_transactions",
            "documents",
            "banktransactions",
            is_paged=True,
            stamp_field=STAMP,
            params=FOUR_PLACES,
        ),
        # CreatedDateUTC is no change stamp.
        _list(
            "BankTransfers",
            "bank_transfers",
            "documents",
            "banktransactions",
            params={"includeDeleted": "true"},
        ),
        _list("Payments", "payments", "documents", "payments", is_paged=True, stamp_field=STAMP),
        _list("BatchPayments", "batch_payments", "documents", "payments", stamp_field=STAMP),
        _list(
            "Prepayments",
            "prepayments",
            "documents",
            "payments",
            is_paged=True,
            stamp_field=STAMP,
            params=FOUR_PLACES,
        ),
        _list(
            "Overpayments",
            "overpayments",
            "documents",
            "payments",
            is_paged=True,
            stamp_field=STAMP,
            params=FOUR_PLACES,
        ),
        # Without `order`, which makes Xero answer everything at once.
        _list(
            "ManualJournals",
            "manual_journals",
            "documents",
            "manualjournals",
            is_paged=True,
            stamp_field=STAMP,
        ),
        _list(
            "PurchaseOrders",
            "purchase_orders",
            "documents",
            "invoices",
            is_paged=True,
            stamp_field=STAMP,
        ),
        _list(
            "Quotes",
            "quotes",
            "documents",
            "invoices",
            stamp_field=STAMP,
            has_counts=False,
            takes_since=True,
        ),
        _list("RepeatingInvoices", "repeating_invoices", "documents", "invoices"),
        _list(
            "LinkedTransactions",
            "linked_transactions",
            "documents",
            "invoices",
            stamp_field=STAMP,
            has_counts=False,
        ),
        # Only for the Advanced tier, and for no custom connection made from 29 April 2026 on.
        _list(
            "Journals",
            "journals",
            "documents",
            "journals",
            stamp_field="CreatedDateUTC",
            number_field="JournalNumber",
            takes_since=True,
            is_optional=True,
        ),
        _list("Budgets", "budgets", "documents", "budgets", stamp_field=STAMP, months_each=24),
        _report("TrialBalance", "trial_balance", MonthEnds("date")),
        _report("BalanceSheet", "balance_sheet", MonthEnds("date"), **STANDARD),
        _report(
            "ProfitAndLoss",
            "profit_and_loss",
            MonthEnds("toDate", "fromDate", empty_months=12),
            **STANDARD,
        ),
    )
}


def default_scopes() -> tuple[str, ...]:
    """Return the granular scopes that the endpoints read by default need, in order, once each."""
    needed = (endpoint.scope for endpoint in ENDPOINTS.values() if not endpoint.is_optional)
    return tuple(dict.fromkeys(needed))
