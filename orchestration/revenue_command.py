"""The command `xero-crm report revenue`: parses, calls, prints."""

from __future__ import annotations

import csv
import enum
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli_results import AsJson, finish, show_progress, usable_settings

if TYPE_CHECKING:
    from orchestration.revenue_report import RevenueReport


class Form(str, enum.Enum):  # noqa: UP042 - typer shows StrEnum values worse
    """How the rows are printed."""

    table = "table"
    csv = "csv"


def report_revenue(
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="As it was known at the end of this day."
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.table,
    as_json: AsJson = False,
) -> None:
    """Show revenue by month and code, as it is known now or as it was known on a day.

    For a past day the tables are built again from what the raw log held then, settings included, in
    a file of their own that is removed afterwards: records, codes and mappings read later are not
    in it. It takes about as long as a build.
    """
    from orchestration.revenue_report import revenue_report

    done = revenue_report(usable_settings(), as_of and as_of.date(), show_progress)
    show = _show_csv if form is Form.csv else _show_table
    finish(done, _figures(done), show, as_json=as_json, is_complete=True)


def _figures(done: RevenueReport) -> dict[str, Any]:
    return {
        "as_of": done.as_of and done.as_of.isoformat(),
        "rows": [dict(zip(done.columns, map(_plain, row), strict=True)) for row in done.rows],
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


def _show_csv(done: RevenueReport) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(done.columns)
    writer.writerows(done.rows)


def _show_table(done: RevenueReport) -> None:
    from orchestration.printing import a_table, console

    known = f"as known on {done.as_of}" if done.as_of else "as known now"
    numbers = ("net_amount_base", "line_count")
    shown = [name for name in done.columns if name != "tenant_id"]
    table = a_table(f"Revenue, {known}", *shown, numbers=numbers)
    for row in done.rows:
        held = dict(zip(done.columns, row, strict=True))
        held["net_amount_base"] = f"{held['net_amount_base']:,.2f}"
        table.add_row(*("" if held[name] is None else str(held[name]) for name in shown))
    console().print(table)
