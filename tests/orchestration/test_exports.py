"""`xero-crm export`: amounts to the last digit, text that nothing runs, all files or none."""

from __future__ import annotations

import csv
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from orchestration import exports
from orchestration.exports import CannotExport, export
from orchestration.published_file import NothingPublished
from pipelines.settings import Settings
from pipelines.spreadsheet_text import harmless

RUNS_BY_A_SPREADSHEET = ('=HYPERLINK("http://x","y")', "+61 2 5550", "-2+3", "@SUM(A1)", "\t=1+1")
MOST_DIGITS = Decimal("99999999999999.9999")  # as many as decimal(18,4) holds
AMOUNTS = (Decimal("0.1000"), Decimal("-1234567.8900"), MOST_DIGITS)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A published file of two tables: amounts, and names that begin like formulas."""
    home = tmp_path / "home"
    home.mkdir()
    with duckdb.connect(str(home / "marts.duckdb")) as con:
        con.execute("create schema reporting; create schema published; create schema crm")
        con.execute("create table reporting.amounts (line bigint, net_amount_base decimal(18, 4))")
        con.executemany("insert into reporting.amounts values (?, ?)", list(enumerate(AMOUNTS)))
        con.execute("create table crm.names (name varchar)")
        names = [*RUNS_BY_A_SPREADSHEET, "-12.50", 'Bay, "Kitchens"\nLtd', "Kōwhai", None]
        con.executemany("insert into crm.names values (?)", [[name] for name in names])
        con.execute(
            "create table published.runs as select 'run-1' as run_id,"
            " timestamp '2026-11-20 08:00' as published_at, map {'crm.names': 9} as row_counts"
        )
    return Settings(home=home)


def exported(settings: Settings, form: Any, *tables: str) -> dict[str, Path]:
    done = export(settings, tables, settings.home / "out", form, lambda _: None)
    assert (done.run_id, done.published_at) == ("run-1", datetime(2026, 11, 20, 8))
    return {table.name: table.path for table in done.tables}


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_each_table_becomes_a_file_and_names_may_have_wildcards(settings: Settings) -> None:
    assert set(exported(settings, "parquet")) == {
        "crm.names",
        "published.runs",
        "reporting.amounts",
    }
    assert set(exported(settings, "csv", "rep*", "crm.names")) == {"crm.names", "reporting.amounts"}


def test_parquet_holds_decimals(settings: Settings) -> None:
    path = exported(settings, "parquet", "reporting.amounts")["reporting.amounts"]
    amounts = (
        duckdb.read_parquet(str(path))
        .project("typeof(net_amount_base), net_amount_base")
        .fetchall()
    )
    assert amounts == [("DECIMAL(18,4)", amount) for amount in AMOUNTS]


def test_csv_holds_the_digits_of_amounts(settings: Settings) -> None:
    path = exported(settings, "csv", "reporting.amounts")["reporting.amounts"]
    header, *rows = csv_rows(path)
    assert header == ["line", "net_amount_base"]
    assert [row[1] for row in rows] == ["0.1000", "-1234567.8900", "99999999999999.9999"]


def test_a_text_in_csv_that_would_run_has_an_apostrophe_and_a_number_has_none(
    settings: Settings,
) -> None:
    path = exported(settings, "csv", "crm.names")["crm.names"]
    names = [row[0] if row else "" for row in csv_rows(path)][1:]
    protected = [f"'{text}" for text in RUNS_BY_A_SPREADSHEET]
    assert names == [*protected, "-12.50", 'Bay, "Kitchens"\nLtd', "Kōwhai", ""]
    assert [harmless(text) for text in RUNS_BY_A_SPREADSHEET] == protected


def test_excel_holds_amounts_as_their_digits_and_formulas_as_text(settings: Settings) -> None:
    files = exported(settings, "xlsx", "reporting.amounts", "crm.names")
    with zipfile.ZipFile(files["reporting.amounts"]) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>0.1000</v>" in sheet and "<v>-1234567.8900</v>" in sheet
    amounts = openpyxl.load_workbook(files["reporting.amounts"])["amounts"]
    assert amounts["B4"].value == str(MOST_DIGITS)  # Excel would keep 15 digits of the 18
    names = openpyxl.load_workbook(files["crm.names"])["names"]
    cells = [names.cell(row, 1) for row in range(2, 2 + len(RUNS_BY_A_SPREADSHEET))]
    assert [cell.value for cell in cells] == list(RUNS_BY_A_SPREADSHEET)
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_file_of_the_same_name_is_replaced_and_others_stay(settings: Settings) -> None:
    path = exported(settings, "csv", "crm.names")["crm.names"]
    other = path.with_name("pack.xlsx")
    other.write_text("mine")
    path.write_text("old")
    exported(settings, "csv", "crm.names")
    assert len(csv_rows(path)) == 10
    assert sorted(path.parent.iterdir()) == [path, other]


def test_an_export_that_fails_replaces_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = exported(settings, "csv")
    before = {path: path.read_bytes() for path in files.values()}
    write = exports._write

    def full_disk(published: Any, name: str, path: Path, form: Any) -> int:
        if name == "reporting.amounts":
            raise OSError("no space left")
        return write(published, name, path, form)

    with duckdb.connect(str(settings.home / "marts.duckdb")) as con:
        con.execute("delete from crm.names")
    monkeypatch.setattr(exports, "_write", full_disk)
    with pytest.raises(OSError, match="no space left"):
        exported(settings, "csv")
    folder = settings.home / "out"
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_table_that_is_not_there_is_named_with_those_that_are(settings: Settings) -> None:
    with pytest.raises(CannotExport, match=r"no table 'revenue'.*crm\.names"):
        exported(settings, "csv", "revenue")


def test_a_table_of_more_rows_than_a_sheet_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 8)
    with pytest.raises(CannotExport, match=r"crm\.names has 9 rows.*--format parquet"):
        exported(settings, "xlsx")
    assert not (settings.home / "out").exists()


def test_before_the_first_publication_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished, match="xero-crm run"):
        exported(Settings(home=tmp_path / "empty"), "csv")
