"""Turns an organisation's files into Xero records: settings, chart, tracking, tax, items, contacts.

In: the folder of one organisation. Out: records in Xero's own field names, as the single GET gives
them, by endpoint and record id. Documents are read by `ledger_files`. Each row's first column is
its key in the other files, and is never changed, whatever the record is called today.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.sandbox.contact_fields import contact_fields, contact_terms
from pipelines.sandbox.tables import DemoDataError, Row, decimal, instant, read_rows, record_id, yes

Record = dict[str, Any]

ACCOUNT_CLASSES = {
    **dict.fromkeys(["BANK", "CURRENT", "FIXED", "INVENTORY", "NONCURRENT", "PREPAYMENT"], "ASSET"),
    "EQUITY": "EQUITY",
    **dict.fromkeys(["DEPRECIATN", "DIRECTCOSTS", "EXPENSE", "OVERHEADS"], "EXPENSE"),
    **dict.fromkeys(["CURRLIAB", "LIABILITY", "TERMLIAB", "PAYG"], "LIABILITY"),
    **dict.fromkeys(["REVENUE", "SALES", "OTHERINCOME"], "REVENUE"),
}


def organisation_record(folder: Path) -> tuple[str, Record]:
    """Return the tenant id and the Organisation record of `organisation.toml`."""
    table = tomllib.loads((folder / "organisation.toml").read_text("utf-8"))
    return table["tenant_id"], table["organisation"]


def configuration_records(folder: Path, tenant_id: str) -> dict[str, dict[str, Record]]:
    """Return the records of the unpaged endpoints and of Contacts: {endpoint: {id: record}}."""

    def load(file: str, endpoint: str, id_field: str, make: Callable[..., Record], *more: Any):
        rows = read_rows(folder / file)
        key = next(iter(rows[0])) if rows else ""
        records = {}
        for row in rows:
            identity = record_id(tenant_id, endpoint, row[key])
            record = {id_field: identity, **make(row, *more)}
            records[record[id_field]] = {k: v for k, v in record.items() if v not in (None, "")}
        return records

    tracking = _tracking_categories(folder, tenant_id)
    names = _tracking_names(folder)
    contacts = load("contacts.csv", "Contacts", "ContactID", contact_fields, tenant_id, names)
    for row in read_rows(folder / "contact_terms.csv"):
        contact = contacts.get(record_id(tenant_id, "Contacts", row["contact"]))
        if contact is None:
            raise DemoDataError(f"{folder / 'contact_terms.csv'}: no contact {row['contact']!r}")
        contact |= contact_terms(row, tenant_id)
    return {
        "Accounts": load("accounts.csv", "Accounts", "AccountID", _account),
        "TrackingCategories": tracking,
        "TaxRates": load("tax_rates.csv", "TaxRates", "TaxType", _tax_rate),
        "Items": load("items.csv", "Items", "ItemID", _item),
        "Contacts": contacts,
    }


def _account(row: Row) -> Record:
    kind = row["type"]
    return {
        "Code": row["code"],
        "Name": row["name"],
        "Status": row["status"],
        "Type": kind,
        "TaxType": row["tax_type"],
        "Class": ACCOUNT_CLASSES[kind],
        "SystemAccount": row["system_account"],
        "EnablePaymentsToAccount": yes(row["enable_payments"]),
        "ShowInExpenseClaims": yes(row["show_in_expense_claims"]),
        "BankAccountNumber": row["bank_account_number"],
        "BankAccountType": row["bank_account_type"],
        "CurrencyCode": row["currency"],
        "ReportingCode": row["reporting_code"],
        "Description": row["description"],
        "HasAttachments": False,
        "AddToWatchlist": False,
        "UpdatedDateUTC": instant(row["updated_at"]),
    }


def _tracking_names(folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    categories = {
        row["category"]: row["name"] for row in read_rows(folder / "tracking_categories.csv")
    }
    return {
        (row["category"], row["option"]): (categories[row["category"]], row["name"])
        for row in read_rows(folder / "tracking_options.csv")
    }


def _tracking_categories(folder: Path, tenant_id: str) -> dict[str, Record]:
    records: dict[str, Record] = {}
    by_key: dict[str, Record] = {}
    for row in read_rows(folder / "tracking_categories.csv"):
        identity = record_id(tenant_id, "TrackingCategories", row["category"])
        record = {"Name": row["name"], "Status": row["status"], "TrackingCategoryID": identity}
        by_key[row["category"]] = records[identity] = {**record, "Options": []}
    for row in read_rows(folder / "tracking_options.csv"):
        option = {
            "TrackingOptionID": option_id(tenant_id, row["category"], row["option"]),
            "Name": row["name"],
            "Status": row["status"],
            "HasValidationErrors": False,
            "IsDeleted": row["status"] == "DELETED",
            "IsArchived": row["status"] == "ARCHIVED",
            "IsActive": row["status"] == "ACTIVE",
        }
        by_key[row["category"]]["Options"].append(option)
    return records


def option_id(tenant_id: str, category: str, option: str) -> str:
    """Return the TrackingOptionID of an option by the keys of its files."""
    return record_id(tenant_id, "TrackingOptions", category, option)


def _tax_rate(row: Row) -> Record:
    rate = Decimal(row["rate"])
    return {
        "Name": row["name"],
        "TaxType": row["tax_type"],
        "ReportTaxType": row["report_tax_type"],
        **{
            f"CanApplyTo{group.capitalize()}": yes(row[group])
            for group in ("assets", "equity", "expenses", "liabilities", "revenue")
        },
        "DisplayTaxRate": rate,
        "EffectiveRate": rate,
        "Status": row["status"],
        "TaxComponents": [
            {
                "Name": row["component"],
                "Rate": rate,
                "IsCompound": False,
                "IsNonRecoverable": False,
            }
        ],
    }


def _item(row: Row) -> Record:
    tracked = row["inventory_asset_account_code"] != ""
    return {
        "Code": row["code"],
        "Name": row["name"],
        "Description": row["description"],
        "PurchaseDescription": row["purchase_description"],
        "UpdatedDateUTC": instant(row["updated_at"]),
        "PurchaseDetails": _present(
            UnitPrice=decimal(row["purchase_price"]),
            AccountCode=row["purchase_account_code"],
            COGSAccountCode=row["cogs_account_code"],
            TaxType=row["purchase_tax_type"],
        ),
        "SalesDetails": _present(
            UnitPrice=decimal(row["sales_price"]),
            AccountCode=row["sales_account_code"],
            TaxType=row["sales_tax_type"],
        ),
        "IsTrackedAsInventory": tracked,
        "InventoryAssetAccountCode": row["inventory_asset_account_code"],
        "TotalCostPool": decimal(row["total_cost_pool"]),
        "QuantityOnHand": decimal(row["quantity_on_hand"]),
        "IsSold": yes(row["is_sold"]),
        "IsPurchased": yes(row["is_purchased"]),
    }


def _present(**fields: Any) -> Record:
    return {name: value for name, value in fields.items() if value not in (None, "")}
