"""A raw log to write to, and dbt to build from it: one warehouse in a folder of the test's own."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from forked_dbt import ForkedDbt

from orchestration.parsed_project import ParsedProject
from pipelines.settings_files import SETTINGS_FILES
from pipelines.systems import PUSH_DATASET, PUSH_TABLES, SYSTEMS
from pipelines.xero.endpoints import ENDPOINTS

TENANT = "11111111-1111-1111-1111-111111111111"
STAMP = datetime(2026, 1, 31, 12, 0)
VERSION = """(
    tenant_id varchar, record_id varchar, version_hash varchar, record_updated_at timestamp,
    extracted_at timestamp, is_deleted boolean, payload varchar, _dlt_load_id varchar
)"""
READS = """(
    run_id varchar, connection varchar, system varchar, tenant_id varchar, endpoint varchar,
    started_at timestamp, finished_at timestamp, mode varchar, is_complete boolean, calls bigint,
    bytes bigint, item_count bigint, records_read bigint, versions_written bigint,
    changed_without_stamp bigint, tombstones bigint, error varchar, cursor_at timestamp,
    whole_at timestamp, _dlt_load_id varchar
)"""


@dataclass
class BuiltWarehouse:
    """A warehouse with its raw tables, and what dbt makes of them. Each row is a second later."""

    home: Path
    project_root: Path
    target: Path
    clock: datetime = datetime(2026, 3, 1, 8, 0)
    moments: dict[str, datetime] = field(default_factory=dict)
    kept: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    @property
    def parsed(self) -> ParsedProject:
        """What dbt parsed before, in any home."""
        return ParsedProject(self.project_root, self.target)

    def create(self) -> None:
        """Create the raw tables, without rows."""
        self.home.mkdir(parents=True, exist_ok=True)
        tables = [f"raw_xero.{endpoint.table}" for endpoint in ENDPOINTS.values()]
        tables += [f"raw_settings.{file.name}" for file in SETTINGS_FILES]
        tables += [f"{PUSH_DATASET}.{table}" for table in PUSH_TABLES]
        tables += [f"{each.dataset}.{table}" for each in SYSTEMS.values() for table in each.tables]
        with self._connect() as con:
            for schema in sorted({"raw_runs", *(table.split(".")[0] for table in tables)}):
                con.execute(f"create schema if not exists {schema}")
            for table in [*tables, "raw_settings.connections"]:
                con.execute(f"create table {table} {VERSION}")
            con.execute(f"create table raw_runs.reads {READS}")

    def read(
        self,
        table: str,
        record_id: str,
        payload: dict[str, Any] | str | None,
        *,
        tenant: str = TENANT,
        at: datetime | None = None,
    ) -> datetime:
        """Add a version of a record (None: a tombstone) and return when it was read."""
        self.clock += timedelta(seconds=1)
        extracted_at = at or self.clock
        text = json.dumps(payload) if isinstance(payload, dict) else payload
        stamp = None if text is None else STAMP
        row = (tenant, record_id, "", stamp, extracted_at, text is None, text, "")
        self._rows.setdefault(table, []).append(row)
        return extracted_at

    def build(self, *select: str, full_refresh: bool = False, checks: bool = True) -> None:
        """Land the rows added since, then run `dbt build`; a failing model or test is an error.

        `checks` False leaves out the models' own tests. Their unit tests, which make rows of their
        own, run elsewhere (end_to_end/test_unit_tests.py).
        """
        with self._connect() as con:
            for table, rows in self._rows.items():
                con.executemany(f"insert into {table} values ({'?, ' * 7}?)", rows)  # noqa: S608
        self._rows.clear()
        left_out = ("unit_test",) if checks else ("test", "unit_test")
        options = [option for kind in left_out for option in ("--exclude-resource-type", kind)]
        options += ["--full-refresh"] if full_refresh else []
        self.dbt("build", *options, "--select", *select)

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._connect() as con:
            return con.execute(query, parameters).fetchall()

    def one(self, query: str, *parameters: Any) -> Any:
        """Return the only row of a query; its value, where it has one column."""
        (row,) = self.rows(query, *parameters)
        return row[0] if len(row) == 1 else row

    def content(self, *relations: str) -> dict[str, list[str]]:
        """Return the rows of relations as sorted texts, to compare two builds."""
        return {
            relation: sorted(map(repr, self.rows(f"from {relation}"))) for relation in relations
        }

    def _connect(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.home / "warehouse.duckdb"))

    def dbt(self, *arguments: str) -> None:
        """Run a command of dbt's; that it fails is an error."""
        root = self.project_root
        command = [
            *(("--no-write-json",) if self.parsed.is_current else ()),
            *(*self.parsed.as_option, *arguments, "--indirect-selection", "cautious"),
            *("--project-dir", str(root), "--profiles-dir", str(root / "dbt_project")),
            *("--target-path", str(self.target), "--log-path", str(self.target / "logs")),
        ]
        # The same path for every warehouse, or dbt would parse the project anew for each.
        environment = {**os.environ, "XERO_CRM_HOME": "."}
        started = time.time()
        run = ForkedDbt(command, environment, self.home)
        said = run.stdout.read()
        assert run.wait() == 0, said[-4000:]
        self.parsed.keep(started)


@pytest.fixture(scope="session")
def new_warehouse(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A function that gives a new warehouse; all share dbt's parsed project."""
    target = tmp_path_factory.mktemp("dbt_target")

    def new() -> BuiltWarehouse:
        warehouse = BuiltWarehouse(tmp_path_factory.mktemp("home"), project_root, target)
        warehouse.create()
        return warehouse

    yield new
