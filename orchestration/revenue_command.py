"""The command `xero-crm report revenue`: parses, calls, prints or writes a file."""

from __future__ import annotations

import csv
import enum
import io
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli_results import AsJson, finish, show_progress, usable_settings

if TYPE_CHECKING:
    from orchestration.revenue_report import RevenueReport


_HEADINGS = {
    "organisation_name": "organisation",
    "tracking_category_name": "category",
    "tracking_option_name": "option",
    "income_kind": "income",
    "base_currency": "currency",
    "net_amount_base": "amount",
    "line_count": "lines",
}


class Form(str, enum.Enum):  # noqa: UP042 - typer shows StrEnum values worse
    """What kind of report is made."""

    table = "table"
    csv = "csv"
    html = "html"
    xlsx = "xlsx"


class By(str, enum.Enum):  # noqa: UP042 - as above
    """What revenue is broken down by."""

    analysis_code = "analysis-code"
    tracking_2 = "tracking-2"
    tracking_3 = "tracking-3"
    customer = "customer"
    month = "month"


def report_revenue(
    by: Annotated[By, typer.Option(help="What to break revenue down by.")] = By.analysis_code,
    form: Annotated[
        Form, typer.Option("--format", help="Printed, or a month-end pack as a file.")
    ] = Form.table,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m"], metavar="YYYY-MM", help="First month."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m"], metavar="YYYY-MM", help="Last month."),
    ] = None,
    organisation: Annotated[
        str | None, typer.Option(help="This organisation only: its name, a part of it, or its id.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file; by default in `reports` in the home.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="As it was known at the end of this day."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Report revenue as it is published, or as it was known on a day.

    html and xlsx are files for a month-end pack that need nothing else: figures, chart, agreement
    with Xero, exceptions; each organisation for itself, over the twelve months to its latest if no
    period is given. table and csv are printed, and csv is written where --out says.

    For a past day the tables are built again from what the raw log held then, settings included, in
    a file of their own that is removed afterwards: records, codes and mappings read later are not
    in it. It takes about as long as a build.
    """
    from orchestration.revenue_report import RevenueQuestion, revenue_report

    settings = usable_settings()
    is_pack = form in (Form.html, Form.xlsx)
    question = RevenueQuestion(
        by=by.value,
        first=first and first.date(),
        last=last and last.date(),
        organisation=organisation,
        as_of=as_of and as_of.date(),
        is_pack=is_pack,
    )
    done = revenue_report(settings, question, show_progress)
    if not is_pack and out is None:
        show = _show_csv if form is Form.csv else _show_table
        finish(done, _figures(done), show, as_json=as_json, is_complete=True)
    path = out or settings.home / "reports" / f"revenue-by-{by.value}.{form.value}"
    _write(done, form, path)
    finish(
        path, {"file": str(path), "rows": len(done.rows)}, _show_path,
        as_json=as_json, is_complete=True,
    )  # fmt: skip


def _write(done: RevenueReport, form: Form, path: Path) -> None:
    """Write the file beside its place and move it there, so that no reader finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if form is Form.html:
            from orchestration.revenue_pack import revenue_pack
            from orchestration.revenue_page import revenue_page

            new.write_text(revenue_page(revenue_pack(done)), "utf-8")
        elif form is Form.xlsx:
            from orchestration.revenue_pack import revenue_pack
            from orchestration.revenue_workbook import write_workbook

            write_workbook(revenue_pack(done), done, new)
        else:
            new.write_text(_csv(done), "utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _figures(done: RevenueReport) -> dict[str, Any]:
    as_of = done.question.as_of
    return {
        "as_of": as_of and as_of.isoformat(),
        "by": done.question.by,
        "rows": [{name: _plain(value) for name, value in row.items()} for row in done.rows],
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


def _csv(done: RevenueReport) -> str:
    from pipelines.spreadsheet_text import harmless

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(done.columns)
    writer.writerows(map(harmless, row.values()) for row in done.rows)
    return out.getvalue()


def _show_csv(done: RevenueReport) -> None:
    sys.stdout.write(_csv(done))


def _show_path(path: Path) -> None:
    from orchestration.printing import console, shown

    console().print(f"Written: {shown(path)}")


def _show_table(done: RevenueReport) -> None:
    from orchestration.printing import a_table, console

    known = f"as known on {done.question.as_of}" if done.question.as_of else "as published"
    numbers = ("amount", "lines")
    shown = [name for name in done.columns if not name.endswith("_id")]
    headings = [_HEADINGS.get(name, name) for name in shown]
    table = a_table(f"{done.question.breakdown.title}, {known}", *headings, numbers=numbers)
    for row in done.rows:
        held = row | {"net_amount_base": f"{row['net_amount_base']:,.2f}"}
        table.add_row(*("" if held[name] is None else _cell(held[name]) for name in shown))
    console().print(table)


def _cell(value: Any) -> str:
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value)
