"""How the pages write numbers, dates, tables and what is not there: the same everywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa
import streamlit as st

from orchestration.workbooks import MOST_ROWS, add_sheet
from pipelines.spreadsheet_text import harmless

MOST_ROWS_SHOWN = 1_000


class NothingToShow(Exception):
    """A page has nothing to show; says why, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}. {remedy}")
        self.what, self.remedy = what, remedy


def show_nothing(nothing: NothingToShow) -> None:
    """Show an empty state: what is not there, and what to do."""
    st.info(f"**{nothing.what}.** {nothing.remedy}", icon=":material/info:")


def money(amount: Decimal | None, places: int = 2) -> str:
    """Return an amount as the tables write it: thousands apart, a negative one in brackets."""
    if amount is None:
        return "none"
    rounded = Decimal(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"({-rounded:,f})" if rounded < 0 else f"{rounded:,f}"


def change(now: Decimal, before: Decimal) -> str | None:
    """Return by how much a figure changed, in percent of what it was; None if it was nothing."""
    if not before:
        return None
    percent = ((now - before) * 100 / abs(before)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percent:+,f} %"


def day(value: date | None) -> str:
    """Return a day as people write it."""
    return f"{value:%-d %b %Y}" if value else "none"


def in_sentence(name: str) -> str:
    """Return a name as it stands within a sentence: analysis code, but Analysis 2."""
    return name if name[-1:].isdigit() else name[:1].lower() + name[1:]


def month(value: date) -> str:
    """Return a month as people write it."""
    return f"{value:%b %Y}"


def at(value: datetime | None) -> str:
    """Return a time, which is UTC everywhere."""
    return f"{value:%-d %b %Y %H:%M} UTC" if value else "never"


def count(number: int, what: str, many: str | None = None) -> str:
    """Return how many of something there are."""
    return f"{number:,} {what if number == 1 else many or what + 's'}"


def ink() -> str:
    """Return a colour that stands out on the page, light or dark."""
    return "#f0f3f6" if st.context.theme.type == "dark" else "#1f2328"


def show_table(
    found: pa.Table,
    columns: Mapping[str, Any],
    *,
    key: str,
    alt: str,
    wraps: bool = False,
) -> None:
    """Show a table; only the columns named, in that order, as `money_column` and the like say.

    `wraps`: whether rows are high enough for texts of three lines.
    """
    shown = found.select([name for name in columns if name in found.column_names])
    st.dataframe(
        shown.slice(0, MOST_ROWS_SHOWN),
        hide_index=True,
        column_config={name: columns[name] for name in shown.column_names},
        row_height=76 if wraps else None,
        key=key,
        alt=alt,
    )
    if found.num_rows > MOST_ROWS_SHOWN:
        st.caption(f"The first {MOST_ROWS_SHOWN:,} of {found.num_rows:,} rows; the files have all.")


def money_column(label: str, help: str | None = None) -> Any:
    """Return how a column of amounts is shown."""
    return st.column_config.NumberColumn(label, format="accounting", help=help)


def number_column(label: str, help: str | None = None) -> Any:
    """Return how a column of counts is shown."""
    return st.column_config.NumberColumn(label, format="localized", help=help)


def text_column(label: str, help: str | None = None, width: Any = None) -> Any:
    """Return how a column of words is shown."""
    return st.column_config.TextColumn(label, help=help, width=width)


def date_column(label: str) -> Any:
    """Return how a column of days is shown."""
    return st.column_config.DateColumn(label, format="D MMM YYYY")


def link_column(label: str, text: str) -> Any:
    """Return how a column of addresses is shown."""
    return st.column_config.LinkColumn(label, display_text=text)


def offer_files(name: str, make: Callable[[], pa.Table], *, key: str) -> None:
    """Offer a table as CSV and as Excel; it is made when somebody asks for it."""
    with st.container(horizontal=True, width="content"):
        st.download_button(
            "CSV",
            lambda: as_csv(make()),
            f"{name}.csv",
            "text/csv",
            key=f"{key}-csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Excel",
            lambda: as_excel(make(), name),
            f"{name}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key=f"{key}-xlsx",
            on_click="ignore",
            icon=":material/table_view:",
        )


def as_csv(found: pa.Table) -> bytes:
    """Return a table as CSV in UTF-8, amounts with the digits that they have."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(found.column_names)
    for batch in found.to_batches():
        columns = [[harmless(value) for value in column.to_pylist()] for column in batch.columns]
        writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode("utf-8-sig")  # Excel takes it for UTF-8 only by the mark


def as_excel(found: pa.Table, title: str) -> bytes:
    """Return a table as a workbook, amounts as numbers and days as dates."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    columns = (column.to_pylist() for column in found.slice(0, MOST_ROWS).columns)
    add_sheet(book, title, found.column_names, zip(*columns, strict=True))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
