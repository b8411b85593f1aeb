"""A month-end pack as an Excel workbook: report, chart, rows, statement, findings; no formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference

from orchestration.revenue_pack import OrganisationPack, Pack
from orchestration.revenue_report import RevenueReport, Row
from orchestration.workbooks import add_sheet, cell

_STATEMENT = (
    *("month", "ours", "xero", "difference", "explained", "unexplained"),
    *("is_reconciled", "explanation", "xero_read_at"),
)
_FINDINGS = ("rule", "findings", "money_touched")
_LARGEST = ("rule", "amount_base", "message")


def write_workbook(pack: Pack, report: RevenueReport, path: Path) -> None:
    """Write the workbook of a pack and the report that it was arranged from."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Report")
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 34
    for row in _report(pack):
        sheet.append([cell(sheet, value) for value in row])
    _add_months(book, pack)
    add_sheet(book, "Rows", report.columns, (tuple(row.values()) for row in report.rows))
    of_each = [(each, each.statement) for each in pack.organisations]
    _add_rows(book, "Agreement with Xero", _STATEMENT, of_each)
    of_each = [(each, each.findings) for each in pack.organisations]
    _add_rows(book, "Exceptions", _FINDINGS, of_each)
    of_each = [(each, each.largest_findings) for each in pack.organisations]
    _add_rows(book, "Largest exceptions", _LARGEST, of_each)
    book.save(path)


def _report(pack: Pack) -> Iterator[Sequence[Any]]:
    yield (pack.title,)
    yield (pack.basis,)
    for each in pack.organisations:
        yield ()
        yield (each.name,)
        yield (f"{each.months[0]:%b %Y} to {each.months[-1]:%b %Y}, in {each.base_currency}",)
        if each.is_held_back:
            yield (
                "The latest build did not agree with Xero: these figures are of the one before.",
            )
        sums = each.compared
        yield ("Income in this report", None, each.all_income)
        yield ("Of it other income, not in revenue", None, each.all_income - each.revenue.total)
        yield ("Income in Xero's Profit and Loss, months compared", None, sums["xero"])
        yield ("Difference", None, sums["difference"])
        yield ("Explained", None, sums["explained"])
        if each.not_compared:
            months = ", ".join(f"{month:%b %Y}" for month in each.not_compared)
            yield (f"Not compared, since Xero's report of it was not read: {months}",)
        yield ()
        blank = [None] * (2 - len(pack.headings))
        yield (*pack.headings, *blank, *(f"{month:%b %Y}" for month in each.months), "Total")
        for line in each.lines:
            amounts = (line.of(month) for month in each.months)
            yield (*line.label, *[None] * (2 - len(line.label)), *amounts, line.total)
        amounts = (each.revenue.of(month) for month in each.months)
        yield ("Revenue", None, *amounts, each.revenue.total)


def _add_months(book: Workbook, pack: Pack) -> None:
    """Write revenue by month, with a chart for each organisation over its own rows."""
    rows = [
        (each.name, each.base_currency, f"{month:%b %Y}", each.revenue.of(month))
        for each in pack.organisations
        for month in each.months
    ]
    add_sheet(book, "By month", ("organisation", "base_currency", "month", "revenue"), rows)
    sheet: Any = book["By month"]
    first = 2
    for position, each in enumerate(pack.organisations):
        last = first + len(each.months) - 1
        chart = BarChart()
        chart.title = f"{each.name}, {each.base_currency}"
        chart.legend = None
        chart.add_data(Reference(sheet, min_col=4, min_row=first, max_row=last))
        chart.set_categories(Reference(sheet, min_col=3, min_row=first, max_row=last))
        sheet.add_chart(chart, f"F{2 + 16 * position}")
        first = last + 1


def _add_rows(
    book: Workbook,
    title: str,
    columns: Sequence[str],
    of_each: Sequence[tuple[OrganisationPack, Sequence[Row]]],
) -> None:
    rows = (
        (each.name, each.base_currency, *(row[name] for name in columns))
        for each, own in of_each
        for row in own
    )
    add_sheet(book, title, ("organisation", "base_currency", *columns), rows)
