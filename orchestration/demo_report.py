"""What `xero-crm demo` prints: figures first, then where to look."""

from __future__ import annotations

import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from rich.console import Console

from orchestration.demo import QUERY, Demo, RevenueRow
from orchestration.plan_report import show_totals
from orchestration.printing import a_table, console, show_build, show_failures, shown
from orchestration.push_report import show_push


def show_demo(demo: Demo) -> None:
    """Print revenue by analysis code, exceptions, calls spent, the file and a query."""
    out = console()
    for tenant_id, name in demo.organisations.items():
        rows = [row for row in demo.revenue if row.tenant_id == tenant_id]
        if rows:
            out.print()
            _show_revenue(out, name, rows)
    if demo.second.publication:
        out.print()
        _show_exceptions(out, demo)
    out.print()
    _show_calls(out, demo)
    if demo.first.build:
        show_build(demo.first.build)
    for run in (demo.first, demo.second, *([demo.third] if demo.third else [])):
        show_failures(run.sync, demo.organisations, out)
        if run.withheld:
            out.print(f"NOT PUBLISHED: {run.withheld}")
    if demo.second.publication:
        out.print()
        _show_second_run(out, demo)
        _show_written_back(out, demo)
        _show_where_to_look(out, demo)


def _show_revenue(out: Console, name: str, rows: list[RevenueRow]) -> None:
    """Print one organisation: a row per analysis code, a column per financial year."""
    years = sorted({row.financial_year for row in rows})
    amounts: dict[tuple[str, str], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        amounts[row.analysis_code, row.analysis_name][row.financial_year] += row.revenue
    columns = [*(f"FY{year}" for year in years), "total"]
    table = a_table(
        f"Revenue by analysis code: {name} ({rows[0].base_currency})",
        *("code", "account", *columns),
        numbers=columns,
    )
    table.show_footer = True
    for (code, account), by_year in amounts.items():
        total = sum(by_year.values(), Decimal(0))
        table.add_row(code, account, *(f"{by_year[year]:,.2f}" for year in years), f"{total:,.2f}")
    totals = [sum((a[year] for a in amounts.values()), Decimal(0)) for year in years]
    footers = ["", "Total", *(f"{t:,.2f}" for t in totals), f"{sum(totals, Decimal(0)):,.2f}"]
    for column, footer in zip(table.columns, footers, strict=True):
        column.footer = footer
    out.print(table)


def _show_exceptions(out: Console, demo: Demo) -> None:
    if not demo.exceptions:
        out.print("No exceptions were found.")
        return
    table = a_table(
        "Exceptions found, for a bookkeeper to look at",
        *("rule", "severity", "findings", "for example"),
        numbers=("findings",),
    )
    for row in demo.exceptions:
        table.add_row(row.rule, row.severity, str(row.findings), row.example)
    out.print(table)


def _show_calls(out: Console, demo: Demo) -> None:
    """Print the calls of both runs: an organisation's row per system, then what all share."""
    numbers = ("first run", "second run")
    table = a_table("Calls spent", "organisation", "system", *numbers, numbers=numbers)
    spent: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for number, run in enumerate((demo.first, demo.second)):
        for read in run.sync.reads:
            if read.calls:
                spent[demo.organisations[read.tenant_id], read.system][number] += read.calls
    for who, calls in spent.items():
        table.add_row(*who, *map(str, calls))
    table.add_row("all", "tokens, list of organisations", *map(str, demo.sign_in_calls))
    out.print(table)


def _show_second_run(out: Console, demo: Demo) -> None:
    written = sum(read.versions_written for read in demo.second.sync.reads)
    changed = {name: rows for name, rows in demo.changed.items() if rows}
    out.print(
        f"The second run wrote {written} new versions and changed {sum(changed.values())} rows"
        f" in {len(demo.changed)} published tables."
    )
    for name, rows in changed.items():
        out.print(f"CHANGED: {rows} rows of {name}")


def _show_written_back(out: Console, demo: Demo) -> None:
    if demo.push is None:
        return
    out.print()
    show_totals(out, demo.push.plan.control_totals, demo.organisations)
    out.print()
    show_push(demo.push)
    for one in demo.planned_again:
        out.print(f"WRITTEN, AND PLANNED AGAIN: {one.label}")
    following = len(demo.planned_next)
    if demo.third and demo.third.plan and not demo.planned_again:
        out.print("The third run read it all back, and none of it is planned again.")
        if following:
            out.print(
                f"{following} records follow from what was written, as the CRM's codes of a new"
                " customer; `xero-crm plan` shows them."
            )


def _show_where_to_look(out: Console, demo: Demo) -> None:
    file = shown(demo.published)
    out.print(f"\nThe analysts' file: {file} (DuckDB, read-only). A query to try:\n")
    query = QUERY.replace("\n", "\n    ")
    out.print(
        f"{shown(Path(sys.executable))} <<'END'\n"
        "import duckdb\n"
        f'connection = duckdb.connect("{file}", read_only=True)\n'
        f'connection.sql("""\n    {query}\n""").show()\n'
        "END\n",
        soft_wrap=True,
    )
