"""Reads the short lists of an organisation: currencies, themes, contact groups, budgets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.tables import Row, instant, read_rows, record_id

Records = Mapping[str, Mapping[str, Record]]


def list_records(folder: Path, tenant_id: str, records: Records) -> dict[str, dict[str, Record]]:
    """Return {endpoint: {id: record}}; contacts get the groups that they are in."""
    return {
        "Currencies": {
            row["code"]: {"Code": row["code"], "Description": row["description"]}
            for row in read_rows(folder / "currencies.csv")
        },
        "BrandingThemes": dict(_theme(row, tenant_id) for row in _rows(folder, "branding_themes")),
        "ContactGroups": _groups(folder, tenant_id, records),
        "Budgets": _budgets(folder, tenant_id, records),
    }


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    return read_rows(folder / f"{name}.csv")


def _theme(row: Row, tenant_id: str) -> tuple[str, Record]:
    identity = record_id(tenant_id, "BrandingThemes", row["theme"])
    return identity, {
        "BrandingThemeID": identity,
        "Name": row["name"],
        "SortOrder": int(row["sort_order"]),
        "CreatedDateUTC": instant(row["created_at"]),
        "Type": "INVOICE",
    }


def _groups(folder: Path, tenant_id: str, records: Records) -> dict[str, Record]:
    found = {}
    members: dict[str, list[Record]] = defaultdict(list)
    for row in _rows(folder, "contact_group_members"):
        contact = records["Contacts"][record_id(tenant_id, "Contacts", row["contact"])]
        members[row["group"]].append(contact)
    for row in _rows(folder, "contact_groups"):
        identity = record_id(tenant_id, "ContactGroups", row["group"])
        group = {"ContactGroupID": identity, "Name": row["name"], "Status": row["status"]}
        inside = members[row["group"]]
        shown = [{"ContactID": one["ContactID"], "Name": one["Name"]} for one in inside]
        found[identity] = {**group, "Contacts": shown}
        for contact in inside:
            contact["ContactGroups"] = [*contact["ContactGroups"], group]
    return found


def _budgets(folder: Path, tenant_id: str, records: Records) -> dict[str, Record]:
    balances: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(folder, "budget_lines"):
        balance = {"Period": row["period"], "Amount": Decimal(row["amount"])}
        balances[row["budget"]][row["account"]].append(balance)
    found = {}
    for row in _rows(folder, "budgets"):
        identity = record_id(tenant_id, "Budgets", row["budget"])
        found[identity] = {
            "BudgetID": identity,
            "Status": "APPROVED",
            "Type": row["type"],
            "Description": row["description"],
            "UpdatedDateUTC": instant(row["updated_at"]),
            "BudgetLines": [
                _budget_line(account, periods, tenant_id, records)
                for account, periods in balances[row["budget"]].items()
            ],
            "Tracking": [],
        }
    return found


def _budget_line(account: str, periods: list[Record], tenant_id: str, records: Records) -> Record:
    identity = record_id(tenant_id, "Accounts", account)
    code = records["Accounts"][identity].get("Code")
    return {
        "AccountID": identity,
        **({"AccountCode": code} if code else {}),
        "BudgetBalances": periods,
    }


def within(record: Mapping[str, Any], first: str, last: str) -> Record:
    """Return a budget with the months from `first` to `last` (`2026-03`) only."""
    lines = [
        {
            **line,
            "BudgetBalances": [
                one for one in line["BudgetBalances"] if first <= one["Period"] <= last
            ],
        }
        for line in record["BudgetLines"]
    ]
    return {**record, "BudgetLines": [line for line in lines if line["BudgetBalances"]]}
