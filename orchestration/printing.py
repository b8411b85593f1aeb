"""Results as a person reads them on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from orchestration.build_result import BuildResult
from orchestration.summaries import RunSummary, plan_counts
from pipelines.publish import Publication
from pipelines.reads import ReadSummary
from pipelines.sync_results import Failure, SyncSummary

NARROWEST = 120


def console() -> Console:
    """Return where results go: stdout, wide enough for a table where it is not a terminal."""
    out = Console(highlight=False, soft_wrap=False, markup=False)
    if not sys.stdout.isatty():
        out.width = max(out.width, NARROWEST)
    return out


def a_table(title: str, *columns: str, numbers: Sequence[str] = ()) -> Table:
    """Return an empty table; the columns named in `numbers` are right-aligned."""
    table = Table(title=title, title_justify="left", title_style="bold", show_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left")
    return table


def show_sync(summary: SyncSummary, names: Mapping[str, str]) -> None:
    """Print each read of a system, the settings in one line, and what was not read.

    `names` are the organisations' by tenant_id.
    """
    out = console()
    numbers = ("calls", "kB", "records", "new versions", "gone")
    table = a_table(
        "Read", "organisation", "connection", "endpoint", "mode", *numbers, numbers=numbers
    )
    for read in summary.reads:
        if read.system != "settings":
            table.add_row(*_read_row(read, names))
    out.print(table)
    files = [read for read in summary.reads if read.system == "settings"]
    rows, new = (
        sum(getattr(f, name) for f in files) for name in ("item_count", "versions_written")
    )
    out.print(f"Settings: {rows} rows in {len(files)} files, {new} of them new or changed.")
    out.print(f"Xero: {summary.egress}.")
    if summary.changed_without_stamp:
        out.print(f"{summary.changed_without_stamp} records had changed without a change stamp.")
    show_failures(summary, names, out)


def show_failures(summary: SyncSummary, names: Mapping[str, str], out: Console) -> None:
    """Print what was asked for and not read; nothing if all was."""
    incomplete = [read for read in summary.reads if not read.is_complete]
    for failure in summary.failures:
        out.print(f"NOT READ: {_who(failure)}: {failure.error}")
    for read in incomplete:
        name = names.get(read.tenant_id, read.tenant_id)
        out.print(f"NOT READ COMPLETELY: {name}, {read.endpoint}: {read.error}")


def show_build(result: BuildResult) -> None:
    """Print how many models and tests there were, and each that failed or warned."""
    out = console()
    out.print(
        f"Built {len(result.models)} tables and views in {result.seconds:.1f} s;"
        f" {len(result.passed_tests)} checks passed, {len(result.warnings)} warn,"
        f" {len(result.failed_tests)} failed."
    )
    for node in result.failed_models:
        out.print(f"NOT BUILT: {node.name}: {_one_line(node.message)}")
    for node in result.failed_tests:
        out.print(f"CHECK FAILED: {node.name}: {_one_line(node.message)}")
    for node in result.warnings:
        out.print(f"warning: {node.name}: {_one_line(node.message)}")
    if result.skipped:
        out.print(f"Not reached: {', '.join(node.name for node in result.skipped)}")


def show_publication(publication: Publication) -> None:
    """Print where the file is and how many rows each table holds."""
    out = console()
    table = a_table("Published", "table", "rows", numbers=("rows",))
    for name, count in publication.row_counts.items():
        table.add_row(name, f"{count:,}")
    out.print(table)
    out.print(f"{shown(publication.link)} -> {publication.path.name}")
    for tenant_id in publication.held_back:
        out.print(
            f"HELD BACK: {tenant_id}: its income or cost of sales does not agree with Xero's profit"
            " and loss, so it keeps its former rows. See reporting.reconciliation."
        )
    out.print(_findings(publication))


def show_run(summary: RunSummary) -> None:
    """Print the steps of a run, one after the other."""
    show_sync(summary.sync, summary.organisations)
    if summary.build:
        show_build(summary.build)
    if summary.publication:
        show_publication(summary.publication)
    if summary.withheld:
        console().print(f"NOT PUBLISHED: {summary.withheld}")
    if summary.plan:
        counts = plan_counts(summary.plan)
        console().print(
            f"Plan {counts['plan_id']}: {counts['to_write']} records to write, {counts['blocked']}"
            f" blocked, {counts['unsupported']} unsupported, {counts['switched_off']} switched off."
            " `xero-crm plan` shows it."
        )


def shown(path: Path) -> str:
    """Return a path as a person would type it here."""
    full = Path(path).absolute()
    here = Path.cwd()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(full)


def _read_row(read: ReadSummary, names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        names.get(read.tenant_id, read.tenant_id),
        read.connection,
        read.endpoint,
        read.mode,
        str(read.calls),
        f"{read.bytes / 1000:,.1f}",
        f"{read.records_read:,}",
        f"{read.versions_written:,}",
        str(read.tombstones),
    )


def _findings(publication: Publication) -> str:
    counts = {
        name: publication.row_counts[f"{name}.exceptions"]
        for name in ("quality", "coding")
        if f"{name}.exceptions" in publication.row_counts
    }
    return " ".join(f"{count} findings in {name}.exceptions." for name, count in counts.items())


def _who(failure: Failure) -> str:
    return failure.tenant_name or failure.tenant_id or f"connection {failure.connection}"


def _one_line(message: str | None) -> str:
    return " ".join((message or "").split())
