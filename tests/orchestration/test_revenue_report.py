"""`xero-crm report revenue --as-of`: what was believed on a day, rebuilt from the raw log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.revenue_report import (
    NothingKnown,
    RevenueQuestion,
    RevenueReport,
    revenue_report,
)
from orchestration.sandbox import demo_sandbox
from pipelines.settings import Settings
from pipelines.sync import sync_all
from pipelines.warehouse import Warehouse

pytestmark = pytest.mark.xdist_group("revenue_report")

FIRST_DAY = date(2026, 3, 2)
NEXT_DAY = date(2026, 3, 3)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, str]]:
    """The demo read on one day; on the next, an account is found to have another code."""
    folder: Path = tmp_path_factory.mktemp("as_of") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for secret in ("CLIENT_ID", "CLIENT_SECRET"):
            patch.setenv(f"XERO_CRM_SANDBOX_{secret}", "")
        with demo_sandbox(folder) as (server, settings):
            tenant_id = server.world.organisation("kowhai").tenant_id
            assert sync_all(settings).is_complete
    with Warehouse(settings.home).connect() as connection:
        _read_on(connection, FIRST_DAY)
        connection.execute(
            """
            insert into raw_xero.accounts by name
            select * replace (
                extracted_at + interval 1 day as extracted_at,
                replace(payload, '"Code":"200"', '"Code":"205"') as payload,
                'renumbered' as version_hash
            )
            from raw_xero.accounts
            where tenant_id = ? and payload like '%"Code":"200"%'
            """,
            [tenant_id],
        )
    yield settings, tenant_id


def _read_on(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    """Date everything that was read to one day, in the order in which it was."""
    begin = datetime(day.year, day.month, day.day, 8)
    tables = connection.execute(
        "select table_schema || '.' || table_name from information_schema.columns"
        " where column_name = 'extracted_at' and starts_with(table_schema, 'raw_')"
    ).fetchall()
    found = connection.execute("select min(started_at) from raw_runs.reads").fetchone()
    assert found
    shift: timedelta = begin - found[0]
    for (table,) in tables:
        connection.execute(f"update {table} set extracted_at = extracted_at + ?", [shift])  # noqa: S608
    connection.execute(
        "update raw_runs.reads set started_at = started_at + ?, finished_at = finished_at + ?",
        [shift, shift],
    )


def known_on(settings: Settings, day: date) -> RevenueReport:
    return revenue_report(settings, RevenueQuestion(as_of=day), lambda _: None)


def by_code(report: RevenueReport, tenant_id: str) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for held in report.rows:
        if held["tenant_id"] == tenant_id:
            code = held["analysis_code"]
            totals[code] = totals.get(code, Decimal(0)) + held["net_amount_base"]
    return totals


def test_a_past_day_shows_the_codes_of_that_day_and_a_later_one_the_new(home) -> None:
    settings, tenant_id = home
    then = by_code(known_on(settings, FIRST_DAY), tenant_id)
    later = by_code(known_on(settings, NEXT_DAY), tenant_id)
    assert then["200"] > 0 and "205" not in then
    assert later == {"205" if code == "200" else code: amount for code, amount in then.items()}
    assert list(Path(settings.home).glob("as-of-*")) == []


def test_before_the_first_reading_nothing_was_known(home) -> None:
    settings, _ = home
    with pytest.raises(NothingKnown, match="2026-03-01"):
        known_on(settings, FIRST_DAY - timedelta(days=1))
