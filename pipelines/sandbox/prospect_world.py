"""The sandbox's Prospect: one workspace's records by entity set, loaded from readable files.

In: `<organisation>/prospect/<entity_set>.csv`, whose columns are Prospect's own property names.
Out: records with every property of `prospect_model`; the computed ones follow the others. A cell
`@contact:key` is the id of that contact in the organisation's Xero data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.sandbox.prospect_computed import (
    line_values,
    product_values,
    quote_values,
    transaction_values,
)
from pipelines.sandbox.prospect_model import ENTITY_SETS, STAMP, EntitySet
from pipelines.sandbox.tables import DemoDataError, decimal, instant, read_rows, record_id

Record = dict[str, Any]
Key = tuple[Any, ...]
MILLISECOND = timedelta(milliseconds=1)
LIVE, DELETED = "A", "D"

_XERO_ID = re.compile(r"@(contact|invoice|item):(.+)")
_XERO_ENDPOINTS = {"contact": "Contacts", "invoice": "Invoices", "item": "Items"}


class ProspectWorld:
    """One workspace. Read records as read-only; change them with `add`, `change` and `delete`."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._records: dict[str, dict[Key, Record]] = {name: {} for name in ENTITY_SETS}
        # What a file states of a computed property stands, whatever the others say.
        self._stated: dict[tuple[str, Key], Record] = {}
        self._last_stamp = datetime.min.replace(tzinfo=UTC)

    def records(self, name: str) -> Iterator[Record]:
        """Yield the records of a set with their computed properties."""
        for key in self._records[name]:
            yield self._complete(ENTITY_SETS[name], key)

    def find(self, name: str, key: Key) -> Record | None:
        """Return a record; None if there is none."""
        known = key in self._records[name]
        return self._complete(ENTITY_SETS[name], key) if known else None

    def add(self, name: str, fields: Mapping[str, Any], *, is_loaded: bool = False) -> Record:
        """Add a record, stamped now unless the fields say when; return it."""
        entity_set = ENTITY_SETS[name]
        record: Record = {**dict.fromkeys(entity_set.properties), **self._defaults(entity_set)}
        record |= {each: value for each, value in fields.items() if value is not None}
        key = tuple(record[part] for part in entity_set.key)
        if key in self._records[name]:
            raise ValueError(f"{name} already holds {key}")
        stated = {
            each: fields[each] for each in entity_set.computed if fields.get(each) is not None
        }
        if stated and is_loaded:
            self._stated[name, key] = stated
        if entity_set.is_stamped:
            stamp = fields.get(STAMP) or self._next_stamp()
            self._last_stamp = max(self._last_stamp, stamp)
            record |= {STAMP: stamp, "LastUpdated": stamp, "Created": record["Created"] or stamp}
        self._records[name][key] = record
        return self._complete(entity_set, key)

    def change(self, name: str, key: Key, *, stamp: bool = True, **fields: Any) -> Record:
        """Set properties of a record and return it; computed ones follow."""
        entity_set = ENTITY_SETS[name]
        record = self._records[name][key]
        record |= fields
        if stamp and entity_set.is_stamped:
            record[STAMP] = record["LastUpdated"] = self._next_stamp()
        return self._complete(entity_set, key)

    def delete(self, name: str, key: Key) -> None:
        """Delete as Prospect does: the record stays, flagged; a set without a flag loses it."""
        properties = ENTITY_SETS[name].properties
        for flag, value in (("StatusFlag", DELETED), ("Statusflag", DELETED), ("Obsolete", 1)):
            if flag in properties:
                fields: Record = {flag: value}
                self.change(name, key, **fields)
                return
        del self._records[name][key]

    def next_number(self, name: str) -> int:
        """Return a number that no record of a set with a numeric key bears."""
        return max((key[0] for key in self._records[name]), default=0) + 1

    @staticmethod
    def _defaults(entity_set: EntitySet) -> Record:
        defaults = {"StatusFlag": LIVE, "Statusflag": LIVE, "Obsolete": 0, "InvoiceNumber": ""}
        defaults |= {
            "CreditNoteNumber": "",
            "SellDecimals": 2,
            "CostDecimals": 2,
            "QuantityDecimals": 0,
        }
        defaults |= {"ForeignSellDecimals": 2, "CurrencyDecimals": 2, "IsModelAccount": 0}
        return {each: value for each, value in defaults.items() if each in entity_set.properties}

    def _next_stamp(self) -> datetime:
        now = self.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self._last_stamp = max(now, self._last_stamp + MILLISECOND)
        return self._last_stamp

    def _complete(self, entity_set: EntitySet, key: Key) -> Record:
        record = self._records[entity_set.name][key]
        stated = self._stated.get((entity_set.name, key), {})
        return {**record, **self._computed(entity_set.name, record), **stated}

    def _computed(self, name: str, record: Record) -> Record:
        if name == "ProductItems":
            return product_values(record)
        if name == "QuoteLines":
            return line_values(record)
        if name == "SalesTransactions":
            return transaction_values(record)
        if name == "Quotes":
            lines = [
                line_values(line)
                for line in self._records["QuoteLines"].values()
                if line["QuoteId"] == record["QuoteId"] and line["StatusFlag"] == LIVE
            ]
            return quote_values(record, lines)
        return {}


def load_prospect(
    folder: Path, tenant_id: str, now: Callable[[], datetime]
) -> ProspectWorld | None:
    """Load an organisation's workspace from its `prospect` folder; None where it has none.

    Raises:
        DemoDataError: A file cannot be used; the message says which and why.
    """
    if not folder.is_dir():
        return None
    world = ProspectWorld(now)
    known = {file_name(name): name for name in ENTITY_SETS}
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in known:
            raise DemoDataError(f"{path}: no entity set of that name")
    for stem, name in known.items():
        for row in read_rows(folder / f"{stem}.csv"):
            world.add(name, _typed(ENTITY_SETS[name], row, tenant_id), is_loaded=True)
    return world


def file_name(entity_set: str) -> str:
    """Return the name of a set's file: SalesOrderHeaders is sales_order_headers."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", entity_set).lower()


def _typed(entity_set: EntitySet, row: Mapping[str, str], tenant_id: str) -> Record:
    unknown = set(row) - set(entity_set.properties)
    if unknown:
        raise DemoDataError(f"{entity_set.name} has no property {min(unknown)}")
    fields: Record = {}
    for name, cell in row.items():
        kind = entity_set.properties[name]
        if cell == "":
            fields[name] = None
        elif kind == "int":
            fields[name] = int(cell)
        elif kind == "money":
            fields[name] = decimal(cell)
        elif kind == "instant":
            fields[name] = instant(cell if "T" in cell else f"{cell}T00:00:00Z")
        else:
            found = _XERO_ID.fullmatch(cell)
            fields[name] = (
                record_id(tenant_id, _XERO_ENDPOINTS[found[1]], found[2]) if found else cell
            )
    return fields
