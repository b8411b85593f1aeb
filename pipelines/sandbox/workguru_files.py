"""The cells of a demo organisation's WorkGuru files become values as WorkGuru's JSON holds them.

Names in the cells are those of the organisation's Xero files: contacts, tracking options and
account codes by their keys there. WorkGuru's ids are numbers; they follow from a row's place, so a
row is added at the end of its file. Field names are those of `dbt_project/macros/fields`, which
says which of them were seen and which are assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from pipelines.sandbox.configuration import option_id
from pipelines.sandbox.tables import DemoDataError, Row, decimal, pairs, read_rows, record_id

Fields = dict[str, Any]

CENT = Decimal("0.01")
NEVER = date(1900, 1, 1)  # how WorkGuru writes "not sent" on invoices
NONE = "-"
TAX_PERCENT = {"GST": Decimal(15), "ZERO": Decimal(0), "NONE": Decimal(0)}


class Workbook:
    """The files of one organisation's WorkGuru, and what their cells refer to."""

    def __init__(self, folder: Path, tenant_id: str) -> None:
        self.folder = folder / "workguru"
        self._tenant_id = tenant_id
        self._ids: dict[str, dict[str, int]] = {}
        self._names: dict[int, str] = {}
        self._line_ids: Counter[str] = Counter()
        self._lines: dict[tuple[str, str, str], int] = {}
        self._categories = {
            row["category"]: row["name"] for row in read_rows(folder / "tracking_categories.csv")
        }
        self._options = {
            (row["category"], row["option"]): row["name"]
            for row in read_rows(folder / "tracking_options.csv")
        }
        self._contacts = {row["contact"]: row for row in read_rows(folder / "contacts.csv")}

    def rows(self, file: str) -> list[dict[str, str]]:
        """Return the rows of a file; an absent one has none."""
        return read_rows(self.folder / f"{file}.csv")

    def number_rows(self, kind: str, keys: Iterable[str], first: int) -> None:
        """Give each key of a kind an id, from `first` up."""
        found = self._ids.setdefault(kind, {})
        for position, key in enumerate(keys):
            if key in found:
                raise DemoDataError(f"{self.folder}: {kind} {key!r} is there twice")
            found[key] = first + position

    def id(self, kind: str, key: str) -> int | None:
        """Return the id of a row by its key; an empty cell refers to nothing."""
        if key == "":
            return None
        try:
            return self._ids[kind][key]
        except KeyError:
            raise DemoDataError(f"{self.folder}: there is no {kind} {key!r}") from None

    def call(self, identity: int | None, name: str) -> None:
        """Keep the name of a client or supplier, which documents repeat."""
        if identity is not None:
            self._names[identity] = name

    def called(self, identity: int | None) -> str | None:
        """Return the name kept for an id."""
        return self._names.get(identity) if identity is not None else None

    def next_line_id(self, list_name: str, document: str = "", line: str = "") -> int:
        """Return a new line's id: unique among the lines of its kind, as WorkGuru's are."""
        self._line_ids[list_name] += 1
        self._lines[document, line, list_name] = self._line_ids[list_name]
        return self._line_ids[list_name]

    def line_id(self, document: str, line: str) -> int | None:
        """Return the id of a line by its document's number and its own; none for an empty cell."""
        if line == "":
            return None
        for (number, own, _), identity in self._lines.items():
            if (number, own) == (document, line):
                return identity
        raise DemoDataError(f"{self.folder}: {document} has no line {line}")

    def contact(self, key: str) -> Row:
        """Return a contact of the Xero files."""
        try:
            return self._contacts[key]
        except KeyError:
            raise DemoDataError(f"{self.folder}: Xero has no contact {key!r}") from None

    def contact_id(self, key: str) -> str | None:
        """Return Xero's id of a contact; an empty cell refers to none."""
        if key == "":
            return None
        self.contact(key)
        return record_id(self._tenant_id, "Contacts", key)

    def categories(self, cell: str) -> list[Fields] | None:
        """Return the reporting categories chosen; an empty cell is no choice at all.

        `branch:nelson | division:-` chooses an option, and chooses to have none. Names that are
        no keys of the Xero files are passed on as they are, without Xero's ids.
        """
        return [self._category(*pair) for pair in pairs(cell)] or None

    def _category(self, category: str, option: str) -> Fields:
        known = category in self._categories
        chosen = {
            "xeroTrackingCategoryId": (
                record_id(self._tenant_id, "TrackingCategories", category) if known else None
            ),
            "name": self._categories.get(category, category),
            "isNone": option == NONE,
        }
        if option == NONE:
            return {**chosen, "xeroTrackingOptionId": None, "optionName": None}
        name = self._options.get((category, option))
        return {
            **chosen,
            "xeroTrackingOptionId": option_id(self._tenant_id, category, option) if name else None,
            "optionName": name or option,
        }


def priced_line(row: Row, *, amount: str = "lineAmount", price: str = "unitAmount") -> Fields:
    """Return quantity, price, discount, amount and tax of a line; text has none of them."""
    quantity, unit = decimal(row["quantity"]), decimal(row["unit_amount"])
    rate = decimal(row.get("discount_rate", ""))
    line: Fields = {"quantity": quantity, price: unit, "discountRate": rate}
    code = row["tax"]
    line |= {"taxName": code or None, "taxType": row.get("tax_type") or None}
    if quantity is None or unit is None:
        return {**line, amount: None, "taxAmount": None}
    gross = quantity * unit
    net = rounded(gross * (1 - (rate or Decimal(0)) / 100))
    percent = TAX_PERCENT.get(code, Decimal(0))
    stated = decimal(row.get("tax_amount", ""))
    tax = stated if stated is not None else rounded(net * percent / 100)
    return {**line, amount: net, "taxAmount": tax}


def totals(row: Row, lines: Iterable[Fields], *, amount: str = "lineAmount") -> tuple[Any, Any]:
    """Return a document's total with tax, and its tax: as the row states, else the lines' sum."""
    found = list(lines)
    tax = sum((line["taxAmount"] or Decimal(0) for line in found), Decimal(0))
    net = sum((line[amount] or Decimal(0) for line in found), Decimal(0))
    stated_tax, stated_total = decimal(row["total_tax"]), decimal(row["total"])
    tax = tax if stated_tax is None else stated_tax
    return (net + tax if stated_total is None else stated_total), tax


def lines_of(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Return line rows by the document that `key` names, in the file's order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def without_documents(lines: dict[str, list[Row]], known: Iterable[str]) -> Iterator[str]:
    """Yield the documents that lines name and that do not exist."""
    yield from sorted(set(lines) - set(known))


def rounded(amount: Decimal) -> Decimal:
    """Round to cents, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)
