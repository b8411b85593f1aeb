"""What accounts, items, contacts and tracking options of an organisation are called today.

Documents keep ids; they are shown with these names, and what is entered by name is found here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import OptionNames
from pipelines.sandbox.ledger_files import tax_percentages


class PresentNames:
    """The names of an organisation's records; `records` is given by the organisation."""

    records: dict[str, Mapping[str, Record]]

    def read_names(self) -> None:
        """Look all names up anew, after a change of the configuration."""
        self.tax_percentages: dict[str, Decimal] = tax_percentages(self.records)
        self._options = {
            option["TrackingOptionID"]: OptionNames(identity, category["Name"], option["Name"])
            for identity, category in self.records["TrackingCategories"].items()
            for option in category["Options"]
        }
        self._items_by_code = {
            item["Code"]: identity for identity, item in self.records["Items"].items()
        }
        by_code: dict[str, list[str]] = defaultdict(list)
        for identity, account in self.records["Accounts"].items():
            by_code[account.get("Code", "")].insert(
                0 if account["Status"] == "ACTIVE" else len(by_code[account.get("Code", "")]),
                identity,
            )
        self._accounts_by_code = by_code

    def account_code(self, account_id: str) -> str | None:
        """Return an account's present code; None for an account that has none, or is gone."""
        return self.records["Accounts"].get(account_id, {}).get("Code")

    def account_id(self, code: str) -> str | None:
        """Return the account that bears a code, the active one first; None if there is none."""
        return next(iter(self._accounts_by_code.get(code, ())), None) if code else None

    def item(self, item_id: str) -> Record | None:
        """Return an item; None when it has been deleted."""
        return self.records["Items"].get(item_id)

    def item_id(self, code: str) -> str | None:
        """Return the item that bears a code; None if there is none."""
        return self._items_by_code.get(code)

    def contact_name(self, contact_id: str) -> str:
        """Return a contact's present name."""
        return self.records["Contacts"][contact_id]["Name"]

    def option_names(self, option_id: str) -> OptionNames | None:
        """Return the present names of a tracking option and its category; None if it is gone."""
        return self._options.get(option_id)


class FileNames(PresentNames):
    """The names in the files, while they are being read."""

    def __init__(self, records: Mapping[str, Mapping[str, Record]]) -> None:
        self.records = dict(records)
        self.read_names()
