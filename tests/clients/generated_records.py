"""Records of Xero's endpoints, generated from the schemas of its official OpenAPI file.

Strategies of hypothesis: what the schema says, and what Xero is seen to do besides (fields left
out or null, unknown values of an enumeration, numbers and booleans as strings, odd dates).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

DEEPEST = 3  # levels of records within records; their schemas are circular
SCHEMAS = {
    "Organisation": "Organisation",
    "Accounts": "Account",
    "TrackingCategories": "TrackingCategory",
    "TaxRates": "TaxRate",
    "Items": "Item",
    "Contacts": "Contact",
    "ContactGroups": "ContactGroup",
    "Invoices": "Invoice",
    "CreditNotes": "CreditNote",
    "BankTransactions": "BankTransaction",
    "BankTransfers": "BankTransfer",
    "Payments": "Payment",
    "BatchPayments": "BatchPayment",
    "Prepayments": "Prepayment",
    "Overpayments": "Overpayment",
    "ManualJournals": "ManualJournal",
    "PurchaseOrders": "PurchaseOrder",
    "Quotes": "Quote",
    "RepeatingInvoices": "RepeatingInvoice",
    "LinkedTransactions": "LinkedTransaction",
    "Currencies": "Currency",
    "BrandingThemes": "BrandingTheme",
    "Journals": "Journal",
    "Budgets": "Budget",
    "Reports/TrialBalance": "ReportWithRow",
    "Reports/BalanceSheet": "ReportWithRow",
    "Reports/ProfitAndLoss": "ReportWithRow",
}
"""The schema of each endpoint's records."""

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["", " ", "0", "Ōtautahi", 'O"Brien', "null", "1,234.50", "🪵", "a\\b", "\n"]
)
AMOUNTS = st.one_of(
    st.decimals(-(10**9), 10**9, places=2, allow_nan=False).map(float),
    st.integers(-(10**6), 10**6),
    st.sampled_from([0, 0.0001, 12.00, "50.00", "1e3", "", "much", 9999999999.99]),
)
DATES = st.one_of(
    st.integers(-(10**12), 4 * 10**12).map(lambda ms: f"/Date({ms}+0000)/"),
    st.dates(date(1990, 1, 1), date(2099, 1, 1)).map(lambda day: f"{day.isoformat()}T00:00:00"),
    st.sampled_from(["/Date(0+0000)/", "/Date(1573755038314+1300)/", "", "tomorrow"]),
    st.sampled_from(["/Date(-62135596800000+0000)/", "/Date(99999999999999999+0000)/"]),
)


class Records:
    """Strategies for the records of one OpenAPI document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Any] = document["components"]["schemas"]

    def of(self, endpoint: str) -> st.SearchStrategy[dict[str, Any]]:
        """Return records of an endpoint; their ids are anything, or missing."""
        return self._value(self._schemas[SCHEMAS[endpoint]], DEEPEST)

    def _value(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return st.lists(self._value(schema["items"], depth), max_size=2 if depth else 0)
        if "enum" in schema:
            return st.sampled_from([*schema["enum"], "SOMETHING_NEW"])
        if schema.get("x-is-msdate") or schema.get("x-is-msdate-time"):
            return DATES
        if kind in ("number", "integer"):
            return AMOUNTS
        if kind == "boolean":
            return st.booleans() | st.sampled_from(["true", "false"])
        return st.uuids().map(str) if schema.get("format") == "uuid" else TEXTS

    def _object(self, schema: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        if not depth:
            return st.just({})
        fields = {
            name: self._value(field, depth - 1)
            for name, field in schema.get("properties", {}).items()
            if "type" in field or "$ref" in field
        }
        return st.fixed_dictionaries(
            {}, optional={name: st.none() | value for name, value in fields.items()}
        )
