"""`xero-crm report revenue`: revenue by month and code, as we know it or as we knew it on a day.

In: reporting.revenue_by_analysis_code of the warehouse, or of a scratch warehouse that is built,
for a past day, from the rows that the raw log held then, settings included. Out: the report's rows.
Nothing in the home changes.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration import dbt
from orchestration.errors import CannotRun
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

MART = "revenue_by_analysis_code"

# What the report is made from, and when each of its rows came to be known.
_KNOWN_AT = {"raw_xero": "extracted_at", "raw_settings": "extracted_at", "raw_runs": "finished_at"}

_ROWS = """
select
    revenue.tenant_id,
    organisations.organisation_name,
    revenue.month,
    revenue.analysis_code,
    revenue.analysis_name,
    revenue.report_as_code,
    revenue.income_kind,
    revenue.base_currency,
    cast(sum(revenue.net_amount_base) as decimal(18, 4)) as net_amount_base,
    cast(sum(revenue.line_count) as bigint) as line_count
from reporting.revenue_by_analysis_code as revenue
left join staging.stg_xero__organisations as organisations using (tenant_id)
group by all
order by all
"""


class NothingKnown(CannotRun):
    """There is nothing to report on that day."""


@dataclass(frozen=True)
class RevenueReport:
    """Rows by organisation, month and code; amounts in base currency. `as_of` None is now."""

    as_of: date | None
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def revenue_report(
    settings: Settings, as_of: date | None, progress: Callable[[str], None]
) -> RevenueReport:
    """Return the revenue as the latest build has it, or as it was known at the end of a day (UTC).

    Raises:
        NothingKnown: Nothing has been built, or nothing had been read by then.
        CannotRun: The past tables could not be built; the message says why.
    """
    if as_of is None:
        return _read(settings, None)
    with _known_then(settings, as_of) as then:
        built = dbt.build(then, [f"+{MART}"], progress=progress)
        if not built.succeeded:
            raise CannotRun(f"The tables of {as_of} could not be built: {built.failure}")
        return _read(then, as_of)


def _read(settings: Settings, as_of: date | None) -> RevenueReport:
    warehouse = Warehouse(settings.home)
    with warehouse.lock("report revenue"):
        if not warehouse.path.exists():
            raise NothingKnown(
                "There is no warehouse yet. Run `xero-crm sync` and `xero-crm build`."
            )
        with warehouse.connect(read_only=True) as connection:
            try:
                found = connection.execute(_ROWS)
            except duckdb.CatalogException as error:
                raise NothingKnown("Nothing has been built yet. Run `xero-crm build`.") from error
            columns = tuple(column[0] for column in found.description or ())
            return RevenueReport(as_of, columns, tuple(found.fetchall()))


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
