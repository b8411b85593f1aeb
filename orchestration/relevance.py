"""Which tracking categories and options are offered: writes `tracking_relevance.csv`.

In: choices by id. Out: the file with a row per choice, its comments and other rows kept. It is
checked with all other settings files before it replaces the old one, in one step.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.bookkeeping import ALL_TENANTS, read_settings_files
from pipelines.settings import Settings
from pipelines.settings_files import SETTINGS_FILES

FILE = "tracking_relevance"
_COLUMNS = next(file.columns for file in SETTINGS_FILES if file.name == FILE)
Row = dict[str, str]


@dataclass(frozen=True)
class TrackingChoice:
    """Whether a category (without option) or an option of it is offered; ids and present names."""

    tenant_id: str
    category_id: str
    category_name: str
    option_id: str
    option_name: str
    is_relevant: bool


def is_offered(
    rows: Sequence[Row], tenant_id: str, category: tuple[str, str], option: tuple[str, str]
) -> bool:
    """Return what the rows say of an option, or of a category (option blank); silent: offered.

    `category` and `option` are (id, name). A row of the organisation goes before one of `*`.
    """
    for of in (tenant_id, ALL_TENANTS):
        for row in rows:
            if row["tenant_id"] == of and _is_about(row, category, option):
                return row["is_relevant"] == "true"
    return True


def offered_rows(settings: Settings) -> list[Row]:
    """Return the rows of the file as it stands.

    Raises:
        SettingsError: A settings file is not valid.
    """
    return read_settings_files(settings.settings_dir)[FILE]


def choose_tracking(settings: Settings, choices: Sequence[TrackingChoice]) -> int:
    """Write choices into the file; give how many rows were changed or added.

    Raises:
        SettingsError: The file would not be valid; it stays as it was.
    """
    path = settings.settings_dir / f"{FILE}.csv"
    comments, rows = _read(path)
    changed = 0
    for choice in choices:
        changed += _put(rows, choice)
    if changed:
        _replace(settings, path, comments, rows)
    return changed


def _put(rows: list[Row], choice: TrackingChoice) -> bool:
    value = str(choice.is_relevant).lower()
    category = (choice.category_id, choice.category_name)
    option = (choice.option_id, choice.option_name)
    held = [
        row
        for row in rows
        if row["tenant_id"] == choice.tenant_id and _is_about(row, category, option)
    ]
    if held:
        if held[0]["is_relevant"] == value:
            return False
        held[0]["is_relevant"] = value
        return True
    if is_offered(rows, choice.tenant_id, category, option) == choice.is_relevant:
        return False
    cells = (choice.tenant_id, *category, *option, value)
    rows.append(dict(zip(_COLUMNS, cells, strict=True)))
    return True


def _is_about(row: Row, category: tuple[str, str], option: tuple[str, str]) -> bool:
    return _names(row, "category", *category) and _names(row, "option", *option)


def _names(row: Row, what: str, wanted_id: str, wanted_name: str) -> bool:
    """Whether a row's category or option is the one of this id and name; the id goes first."""
    row_id, row_name = row[f"tracking_{what}_id"], row[f"tracking_{what}_name"]
    if row_id or not row_name:
        return row_id.lower() == wanted_id.lower()
    return bool(wanted_id) and row_name.strip().lower() == wanted_name.strip().lower()


def _read(path: Path) -> tuple[list[str], list[Row]]:
    """Return the comment lines and the rows."""
    if not path.exists():
        return [], []
    lines = path.read_text("utf-8-sig").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    reader = csv.DictReader(line for line in lines if not line.startswith("#"))
    rows = [{column: (row.get(column) or "").strip() for column in _COLUMNS} for row in reader]
    return comments, rows


def _replace(settings: Settings, path: Path, comments: list[str], rows: list[Row]) -> None:
    out = io.StringIO()
    out.writelines(f"{comment}\n" for comment in comments)
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as scratch:
        for file in settings.settings_dir.glob("*.csv"):
            shutil.copy(file, scratch)
        (Path(scratch) / path.name).write_text(out.getvalue(), "utf-8")
        read_settings_files(Path(scratch))
    new = path.with_name(f".{path.name}.new")
    new.write_text(out.getvalue(), "utf-8")
    new.replace(path)
