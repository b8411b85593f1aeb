"""Reads the demo organisations' files: CSV rows as text, and the few types their cells have.

In: the folder of one organisation. Out: rows of strings, and values (`Decimal`, `date`, `datetime`,
tuples). No Xero rule lives here; a cell that cannot be read says which file and which value.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import sha1
from pathlib import Path

Row = Mapping[str, str]


class DemoDataError(Exception):
    """A file of the demo organisations cannot be used; the message names the file and the value."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, cells stripped of nothing; an absent file has no rows."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise DemoDataError(f"{path}, row {number}: not as many cells as the heading has")
    return rows


def decimal(text: str) -> Decimal | None:
    """Return the number in a cell, exactly as written; None when the cell is empty."""
    if text == "":
        return None
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise DemoDataError(f"{text!r} is not a number") from error


def day(text: str) -> date | None:
    """Return the calendar date in a cell (`2025-03-31`); None when the cell is empty."""
    return date.fromisoformat(text) if text else None


def instant(text: str) -> datetime | None:
    """Return the UTC instant in a cell (`2025-03-31T02:10:09.123Z`); None when it is empty."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def yes(text: str) -> bool:
    """Return whether a cell says yes; an empty one says no."""
    if text not in ("yes", "no", ""):
        raise DemoDataError(f"{text!r} is neither yes nor no")
    return text == "yes"


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return `a:b | c:d` as (("a", "b"), ("c", "d")): a category and its option, twice at most."""
    if text == "":
        return ()
    found = tuple(tuple(part.strip().split(":", 1)) for part in text.split("|"))
    if any(len(pair) != 2 for pair in found):
        raise DemoDataError(f"{text!r} is not of the form category:option | category:option")
    return found  # pyright: ignore[reportReturnType]


@lru_cache(maxsize=4096)
def record_id(tenant_id: str, kind: str, *key: object) -> str:
    """Return the id of a record: the same for the same organisation, kind and key, always."""
    return derived_id(tenant_id, "/".join([kind, *map(str, key)]))


def derived_id(parent_id: str, name: str) -> str:
    """Return `str(uuid.uuid5(UUID(parent_id), name))`, in a fifth of its time.

    A large world shows half a million line ids, and the standard library's objects are what it
    would spend its time on.
    """
    digest = sha1(bytes.fromhex(parent_id.replace("-", "")) + name.encode()).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return "-".join(
        [digest[:8], digest[8:12], "5" + digest[13:16], variant + digest[17:20], digest[20:32]]
    )
