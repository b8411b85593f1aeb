"""The command `xero-crm export`: parses, calls, prints."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli_results import AsJson, finish, show_progress, usable_settings

if TYPE_CHECKING:
    from orchestration.exports import Export


class ExportForm(str, enum.Enum):  # noqa: UP042 - typer shows StrEnum values worse
    """What kind of files are written."""

    parquet = "parquet"
    csv = "csv"
    xlsx = "xlsx"


def export(
    tables: Annotated[
        list[str] | None,
        typer.Argument(help="As schema.table, with * and ?; every table if none is named."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--to", help="Folder; by default `exports` in the home.")
    ] = None,
    form: Annotated[
        ExportForm, typer.Option("--format", help="Kind of files.")
    ] = ExportForm.parquet,
    as_json: AsJson = False,
) -> None:
    """Write published tables as files, for Power BI, Excel and other programs.

    One file per table, all of the same publication, each replaced in one step once all are
    complete. Amounts are exact: decimals in Parquet, digits in CSV and Excel. In CSV a text that a
    spreadsheet would run as a formula begins with an apostrophe.
    """
    from orchestration.exports import export as exported
    from orchestration.summaries import plain

    settings = usable_settings()
    where = folder or settings.home / "exports"
    done = exported(settings, tables or (), where, form.value, show_progress)
    finish(done, plain(done), _show, as_json=as_json, is_complete=True)


def _show(done: Export) -> None:
    from orchestration.printing import a_table, console, shown

    out = console()
    table = a_table("Exported", "file", "rows", numbers=("rows",))
    for each in done.tables:
        table.add_row(shown(each.path), f"{each.rows:,}")
    out.print(table)
    out.print(f"As published at {done.published_at:%Y-%m-%d %H:%M} UTC.")
    for each in done.tables:
        if each.cut_texts:
            out.print(
                f"CUT: {each.name}: {each.cut_texts} texts were longer than a cell of Excel holds;"
                " Parquet and CSV have them whole."
            )
