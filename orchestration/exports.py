"""`xero-crm export`: tables of the published file as Parquet, CSV or Excel files.

All files of an export show the same publication. Each is written beside its place and moved there
once all of them are complete, so that a failed export replaces nothing, and a program that reads
one never finds half of it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from openpyxl import Workbook

from orchestration.errors import CannotRun
from orchestration.published_file import PublishedFile, published_file
from orchestration.workbooks import MOST_ROWS, add_sheet
from pipelines.settings import Settings
from pipelines.spreadsheet_text import FORMULA, NUMBER

_BATCH = 10_000  # rows held at a time


Form = Literal["parquet", "csv", "xlsx"]


class CannotExport(CannotRun):
    """Nothing was exported; the message says why."""


@dataclass(frozen=True)
class ExportedTable:
    """One file. `cut_texts` counts texts too long for a cell of Excel."""

    name: str
    path: Path
    rows: int
    cut_texts: int = 0


@dataclass(frozen=True)
class Export:
    """What was written, and from which publication."""

    folder: Path
    form: Form
    published_at: datetime
    run_id: str
    tables: tuple[ExportedTable, ...]


def export(
    settings: Settings,
    patterns: Sequence[str],
    folder: Path,
    form: Form,
    progress: Callable[[str], None],
) -> Export:
    """Write tables of the published file into a folder, one file each, `<schema>.<table>.<form>`.

    Args:
        settings: Where the published file is.
        patterns: Names as `schema.table`, with `*` and `?`; none means every table.
        folder: Made if it does not exist. Files of other names in it are left alone.
        form: The kind of files.
        progress: Told of each table.

    Raises:
        NothingPublished: There is no published file yet.
        CannotExport: A pattern names no table, or a table has more rows than Excel can hold.
    """
    with published_file(settings.home, "published.runs") as published:
        rows_of = _row_counts(published)
        chosen = _chosen(list(rows_of), patterns)
        if form == "xlsx":
            _refuse_too_many_rows({name: rows_of[name] for name in chosen})
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".export-", dir=folder))
        try:
            tables = []
            for name in chosen:
                progress(f"{name}: {rows_of[name]:,} rows")
                file = f"{name}.{form}"
                cut = _write(published, name, unfinished / file, form)
                tables.append(ExportedTable(name, folder / file, rows_of[name], cut))
            for table in tables:
                (unfinished / table.path.name).replace(table.path)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        latest = published.rows(
            "select run_id, published_at from published.runs order by published_at desc limit 1"
        )[0]
    return Export(folder, form, latest["published_at"], latest["run_id"], tuple(tables))


def _row_counts(published: PublishedFile) -> dict[str, int]:
    tables = published.rows(
        "select schema_name || '.' || table_name as name, schema_name, table_name"
        " from duckdb_tables() where database_name = current_database() order by all"
    )
    return {
        each["name"]: published.rows(f'select count(*) as rows from "{each["schema_name"]}".'  # noqa: S608
                                     f'"{each["table_name"]}"')[0]["rows"]
        for each in tables
    }  # fmt: skip


def _chosen(tables: Sequence[str], patterns: Sequence[str]) -> list[str]:
    for pattern in patterns:
        if not any(fnmatchcase(table, pattern) for table in tables):
            raise CannotExport(
                f"The published file has no table {pattern!r}. It has {', '.join(tables)}."
            )
    return [t for t in tables if not patterns or any(fnmatchcase(t, p) for p in patterns)]


def _refuse_too_many_rows(rows_of: dict[str, int]) -> None:
    for name, rows in rows_of.items():
        if rows > MOST_ROWS:
            raise CannotExport(
                f"{name} has {rows:,} rows, and a sheet of Excel holds {MOST_ROWS:,} below its"
                " header. Export it with --format parquet or csv: Power BI and Power Query read"
                " both."
            )


def _write(published: PublishedFile, table: str, path: Path, form: Form) -> int:
    """Write one table; returns how many texts were cut."""
    relation = ".".join(f'"{part}"' for part in table.split(".", 1))
    if form == "xlsx":
        return _write_workbook(published, table, relation, path)
    query = f"select * from {relation}"  # noqa: S608
    if form == "csv":
        query = f"select {_harmless_columns(published, relation)} from {relation}"  # noqa: S608
    options = "format csv, header" if form == "csv" else "format parquet"
    target = str(path).replace("'", "''")
    published.con.execute(f"copy ({query}) to '{target}' ({options})")
    return 0


def _harmless_columns(published: PublishedFile, relation: str) -> str:
    """Return the columns for CSV: a text that would run as a formula has an apostrophe first."""
    described = published.rows(f"describe {relation}")
    return ", ".join(
        f"""case
            when regexp_matches("{name}", '{FORMULA}') and not regexp_matches("{name}", '{NUMBER}')
                then '''' || "{name}"
            else "{name}"
        end as "{name}" """
        if kind == "VARCHAR"
        else f'"{name}"'
        for name, kind in ((each["column_name"], each["column_type"]) for each in described)
    )


def _write_workbook(published: PublishedFile, table: str, relation: str, path: Path) -> int:
    book = Workbook(write_only=True)
    found = published.con.execute(f"select * from {relation}")  # noqa: S608
    columns = [column[0] for column in found.description or ()]

    def rows() -> Iterator[tuple]:
        while batch := found.fetchmany(_BATCH):
            yield from batch

    cut = add_sheet(book, table.split(".", 1)[1], columns, rows())
    book.save(path)
    return cut
