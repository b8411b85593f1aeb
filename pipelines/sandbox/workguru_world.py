"""One organisation's WorkGuru in the sandbox: its records by kind, and how they are changed.

Records are WorkGuru's JSON with Python values (`Decimal`, `date`, aware `datetime`). Treat what is
read as read-only; change it with `change`, `add`, `remove`, which move the change stamp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.sandbox import workguru_documents, workguru_stock
from pipelines.sandbox.workguru_files import Fields, Workbook

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation
    from pipelines.sandbox.world import World

FOLDER = "workguru"
STAMP = "lastModificationTime"
# What a row's key is called in each file, and the first id of its kind.
_NUMBERED = (
    ("client", "clients", "client", 5_001),
    ("supplier", "suppliers", "supplier", 6_001),
    ("project", "projects", "project", 12_001),
    ("project", "production_jobs", "project", 12_501),
    ("task", "tasks", "task", 30_001),
    ("product", "products", "sku", 40_001),
    ("quote", "quotes", "quote", 70_001),
    ("invoice", "invoices", "invoice", 80_001),
    # Of two sequences that meet, as tables of their own do.
    ("client_credit_note", "client_credit_notes", "credit_note", 901),
    ("supplier_credit_note", "supplier_credit_notes", "credit_note", 901),
    ("purchase_order", "purchase_orders", "order", 120_001),
    ("usage", "stock_usage", "usage", 300_001),
    ("stock_sale", "stock_sales", "sale", 4_001),
    ("stock_adjustment", "stock_adjustments", "stock_adjustment", 701),
    ("stock_take", "stock_takes", "stock_take", 301),
)


class WorkGuru:
    """The records of one organisation: `records["invoices"][id]`."""

    def __init__(
        self, records: dict[str, dict[int, Fields]], clock: Callable[[], datetime]
    ) -> None:
        self.records = records
        self._clock = clock

    def change(self, kind: str, identity: int, *, stamp: bool = True, **fields: Any) -> None:
        """Merge fields into a record; `stamp=False` leaves its change stamp as it is."""
        moved = {STAMP: self._clock()} if stamp else {}
        self.records[kind][identity] = {**self.records[kind][identity], **fields, **moved}

    def add(self, kind: str, record: Fields) -> None:
        """Add a complete record, stamped now."""
        self.records[kind][record["id"]] = {**record, STAMP: self._clock()}

    def remove(self, kind: str, identity: int) -> None:
        """Take a record away."""
        del self.records[kind][identity]

    def numbered(self, kind: str, number: str) -> Fields:
        """Return the document of a kind that people know by a number."""
        for record in self.records[kind].values():
            if number in (record.get("invoiceNumber"), record.get("number")):
                return record
        raise KeyError(number)


def has_workguru(world: World, organisation: Organisation) -> bool:
    """Return whether an organisation has a WorkGuru of its own."""
    return world.folder is not None and _folder(world.folder, organisation).is_dir()


def load_workguru(world: World, organisation: Organisation) -> WorkGuru:
    """Load the WorkGuru of an organisation; one without files has no records.

    Raises:
        DemoDataError: A file cannot be used; the message says which and why.
    """
    base = world.folder / "organisations" / organisation.short_name if world.folder else Path()
    book = Workbook(base, organisation.tenant_id)
    for kind, file, key, first in _NUMBERED:
        book.number_rows(kind, (row[key] for row in book.rows(file)), first)
    documents, stock = workguru_documents, workguru_stock
    records: dict[str, Iterable[Fields]] = {
        "clients": stock.contacts(book, "client"),
        "suppliers": stock.contacts(book, "supplier"),
        "projects": stock.jobs(book, "projects"),
        "production_jobs": stock.jobs(book, "production_jobs"),
        "tasks": stock.tasks(book),
        "products": stock.products(book),
        "quotes": stock.quotes(book),
        "invoices": documents.invoices(book),
        "purchase_orders": documents.purchase_orders(book),
        "client_credit_notes": documents.client_credit_notes(book),
        "supplier_credit_notes": documents.supplier_credit_notes(book),
        "stock_usage": stock.usage(book),
        "stock_sales": stock.sales(book),
        "stock_adjustments": stock.counts(book, "stock_adjustment", "stock_adjustments"),
        "stock_takes": stock.counts(book, "stock_take", "stock_takes"),
    }
    return WorkGuru(
        {kind: {record["id"]: record for record in found} for kind, found in records.items()},
        world.now,
    )


def _folder(world_folder: Path, organisation: Organisation) -> Path:
    return world_folder / "organisations" / organisation.short_name / FOLDER
