"""`xero-crm report revenue`: revenue as it is published, or as it was known on a day.

In: the published file; or, for a past day, tables that are built in a scratch warehouse from the
rows that the raw log held then, settings included. Out: the report's rows, and for a month-end pack
what is compared with Xero and what is wrong in the data. Nothing in the home changes.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration import dbt
from orchestration.errors import CannotRun
from orchestration.published_file import PublishedFile, published_file
from orchestration.revenue_breakdowns import (
    BREAKDOWNS,
    FINDINGS,
    LARGEST_FINDINGS,
    PACK_MODELS,
    ROWS,
    STATEMENT,
    Breakdown,
)
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

# What the report is made from, and when each of its rows came to be known.
_KNOWN_AT = {"raw_xero": "extracted_at", "raw_settings": "extracted_at", "raw_runs": "finished_at"}
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 1)
_ORGANISATIONS = "select * from reporting.reconciliation_gate"
_ORGANISATIONS_THEN = "select *, false as is_held_back from staging.stg_xero__organisations"
Row = dict[str, Any]


class NothingKnown(CannotRun):
    """There is nothing to report on."""


@dataclass(frozen=True)
class RevenueQuestion:
    """What is asked.

    Attributes:
        by: A key of BREAKDOWNS.
        first: The first month, as its first day; None is the earliest known.
        last: The last month, likewise.
        organisation: A name, a part of one, or a tenant_id; None is all.
        as_of: The day at whose end (UTC) it was known; None is what is published now.
        is_pack: Also read what is compared with Xero, and the findings.
    """

    by: str = "analysis-code"
    first: date | None = None
    last: date | None = None
    organisation: str | None = None
    as_of: date | None = None
    is_pack: bool = False

    @property
    def breakdown(self) -> Breakdown:
        """What it is broken down by."""
        return BREAKDOWNS[self.by]


@dataclass(frozen=True)
class RevenueReport:
    """Rows by organisation, month and what was asked for; amounts in base currency.

    `statement`, `findings` and `largest_findings` are empty unless a pack was asked for;
    `held_back` are the tenants whose published rows are of an earlier build; `published_at` is None
    for a past day.
    """

    question: RevenueQuestion
    rows: tuple[Row, ...]
    statement: tuple[Row, ...] = ()
    findings: tuple[Row, ...] = ()
    largest_findings: tuple[Row, ...] = ()
    held_back: frozenset[str] = frozenset()
    published_at: datetime | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the rows' columns, in order."""
        return tuple(self.rows[0]) if self.rows else ()


def revenue_report(
    settings: Settings, question: RevenueQuestion, progress: Callable[[str], None]
) -> RevenueReport:
    """Return the revenue as it is published, or as it was known at the end of a day (UTC).

    Raises:
        NothingKnown: Nothing had been read by then, or no organisation has that name.
        NothingPublished: There is no published file yet.
        CannotRun: The past tables could not be built; the message says why.
    """
    mart = question.breakdown.mart
    if question.as_of is None:
        with published_file(settings.home, f"reporting.{mart}") as published:
            found = _read(published, question, _ORGANISATIONS)
            runs = published.rows("select max(published_at) as published_at from published.runs")
            return replace(found, published_at=runs[0]["published_at"])
    with _known_then(settings, question.as_of) as then:
        models = (mart, *(PACK_MODELS if question.is_pack else ()))
        built = dbt.build(then, [f"+{model}" for model in models], progress=progress)
        if not built.succeeded:
            raise CannotRun(f"The tables of {question.as_of} could not be built: {built.failure}")
        with Warehouse(then.home).connect(read_only=True) as connection:
            return _read(PublishedFile(connection), question, _ORGANISATIONS_THEN)


def _read(file: PublishedFile, question: RevenueQuestion, organisations: str) -> RevenueReport:
    gate = file.rows(organisations)
    names = {each["tenant_id"]: each["organisation_name"] for each in gate}
    wanted = _wanted(names, question.organisation)
    breakdown = question.breakdown
    columns = "".join(f"{column}, " for column in breakdown.columns)
    query = ROWS.format(columns=columns, mart=breakdown.mart, where=breakdown.where)
    months = {"first": question.first or _FIRST, "last": question.last or _LAST}

    def of_wanted(query: str, **parameters: date) -> tuple[Row, ...]:
        found = file.rows(query, parameters)
        return tuple(
            {"tenant_id": row["tenant_id"], "organisation_name": names.get(row["tenant_id"]), **row}
            for row in found
            if wanted is None or row["tenant_id"] in wanted
        )

    rows = of_wanted(query, **months)
    if not question.is_pack:
        return RevenueReport(question, rows)
    return RevenueReport(
        question,
        rows,
        statement=of_wanted(STATEMENT, **months),
        findings=of_wanted(FINDINGS),
        largest_findings=of_wanted(LARGEST_FINDINGS),
        held_back=frozenset(each["tenant_id"] for each in gate if each["is_held_back"]),
    )


def _wanted(names: dict[str, str], asked: str | None) -> set[str] | None:
    if asked is None:
        return None
    found = {
        tenant_id
        for tenant_id, name in names.items()
        if asked == tenant_id or asked.casefold() in (name or "").casefold()
    }
    if not found:
        known = ", ".join(sorted(filter(None, names.values()))) or "none yet"
        raise NothingKnown(f"No organisation is called {asked!r}. Known are: {known}.")
    return found


@contextmanager
def _known_then(settings: Settings, as_of: date) -> Iterator[Settings]:
    """Give a home whose warehouse holds the raw log up to the end of a day; it is removed after."""
    warehouse = Warehouse(settings.home)
    home = Path(settings.home).resolve()
    home.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="as-of-", dir=home))
    try:
        with warehouse.lock("report revenue"):
            if not warehouse.path.exists():
                raise NothingKnown("Nothing has been read yet. Run `xero-crm sync`.")
            with duckdb.connect(
                str(Warehouse(scratch).path), config=warehouse.duckdb_config()
            ) as connection:
                source = str(warehouse.path).replace("'", "''")
                connection.execute(f"attach '{source}' as source (read_only)")
                if not _copied(connection, as_of):
                    raise NothingKnown(f"Nothing had been read by {as_of}.")
        yield settings.model_copy(update={"home": scratch})
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copied(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Copy what was known by the end of a day, and return how many records of Xero that is."""
    tables = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = 'source' and not starts_with(table_name, '_dlt') order by all"
    ).fetchall()
    records = 0
    for schema, table in tables:
        if schema not in _KNOWN_AT:
            continue
        connection.execute(f'create schema if not exists "{schema}"')
        connection.execute(
            f'create table "{schema}"."{table}" as from source."{schema}"."{table}"'
            f" where {_KNOWN_AT[schema]} < ?",
            [as_of + timedelta(days=1)],
        )
        if schema == "raw_xero":
            counted = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()  # noqa: S608
            records += counted[0] if counted else 0
    return records
