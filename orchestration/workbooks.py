"""Excel workbooks in which nothing runs and no digit of an amount is lost.

Text is text, whatever it begins with. Numbers go in as their own digits, never through a float; one
of more than 15 significant digits, which Excel would round, goes in as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

MOST_ROWS = 1_048_575  # of a sheet, below its header
MOST_CHARACTERS = 32_767  # of a cell
_MOST_DIGITS = 15
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MONEY, _DAY, _TIME = "#,##0.00##;[Red]-#,##0.00##", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


def add_sheet(
    book: Workbook, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Write a sheet of a write-only workbook, with a header that stays in sight and filters.

    Returns:
        How many texts were cut, because a cell holds no more than 32,767 characters.
    """
    sheet: Any = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for position, name in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = max(12, min(len(name) + 3, 30))
    sheet.append([_bold(sheet, name) for name in columns])
    cut = written = 0
    for row in rows:
        written += 1
        cut += sum(isinstance(value, str) and len(value) > MOST_CHARACTERS for value in row)
        sheet.append([cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(columns), 1))}{written + 1}"
    return cut


def cell(sheet: Any, value: Any) -> Cell | None:
    """Return a cell that holds a value as it is: exact digits, and text that is never a formula."""
    if value is None:
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _number(sheet, value)
    if isinstance(value, date):
        made = WriteOnlyCell(sheet, value)  # pyright: ignore[reportArgumentType] - a date is taken
        made.number_format = _TIME if isinstance(value, datetime) else _DAY
        return made
    if isinstance(value, bool):
        return WriteOnlyCell(sheet, value)
    return _text(sheet, str(value))


def _number(sheet: Any, value: int | Decimal) -> Cell:
    digits = format(value, "f")
    significant = digits.rstrip("0") if "." in digits else digits
    if len(re.sub(r"\D", "", significant).lstrip("0")) > _MOST_DIGITS:
        return _text(sheet, digits)
    # Given as text and then called a number: a number would be written through a float.
    made = WriteOnlyCell(sheet, digits)
    made.data_type = "n"
    if isinstance(value, Decimal):
        made.number_format = _MONEY
    return made


def _text(sheet: Any, value: str) -> Cell:
    made = WriteOnlyCell(sheet, _NOT_IN_XML.sub("�", value)[:MOST_CHARACTERS])
    made.data_type = "s"  # openpyxl takes a text that begins with = for a formula
    return made


def _bold(sheet: Any, value: str) -> Cell:
    made = _text(sheet, value)
    made.font = Font(bold=True)
    return made
