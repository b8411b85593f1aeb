"""The pieces that Xero's reports are made of: heading, rows, cells that name their account.

Values are strings with 2 decimals.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.sandbox.paging import BadParameterError
from pipelines.sandbox.rendering import ms_date

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

Row = dict[str, Any]


def report(
    organisation: Organisation,
    name: str,
    title: str,
    dated: str,
    rows: list[Row],
    now: datetime,
    *,
    heading: str | None = None,
) -> Row:
    """Return a whole report; `heading` is its first title where that is not its name."""
    return {
        "ReportID": name,
        "ReportName": title,
        "ReportType": name,
        "ReportTitles": [heading or title, organisation.name, dated],
        "ReportDate": long_date(now.date()),
        "UpdatedDateUTC": ms_date(now).replace("+0000", ""),
        "Fields": [],
        "Rows": rows,
    }


def header(*titles: str) -> Row:
    """Return the row of column titles."""
    return {"RowType": "Header", "Cells": [{"Value": title} for title in titles]}


def section(title: str, rows: Sequence[Row]) -> Row:
    """Return a section with its rows."""
    return {"RowType": "Section", "Title": title, "Rows": list(rows)}


def row(
    title: str,
    values: Sequence[Decimal | None],
    account_id: str | None = None,
    *,
    kind: str = "Row",
) -> Row:
    """Return a row: its title, and a value (None: blank) for each column."""
    cells: list[Row] = [{"Value": title}]
    cells += [{"Value": "" if value is None else f"{value:.2f}"} for value in values]
    if account_id is not None:
        for cell in cells:
            cell["Attributes"] = [{"Value": account_id, "Id": "account"}]
    return {"RowType": kind, "Cells": cells}


def summary(title: str, values: Sequence[Decimal | None]) -> Row:
    """Return a row of totals."""
    return row(title, values, kind="SummaryRow")


def read_date(given: Mapping[str, str], name: str, default: date) -> date:
    """Return a date among the parameters (keys in lower case).

    Raises:
        BadParameterError: It cannot be read.
    """
    try:
        return date.fromisoformat(given[name][:10]) if name in given else default
    except ValueError as error:
        raise BadParameterError(f"{name} {given[name]!r} is not a date") from error


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def long_date(day: date) -> str:
    """Return `31 October 2026`."""
    return f"{day.day} {day:%B %Y}"
