"""A build is made again exactly when something that it was made from has changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration import build_state
from pipelines.landing import Landing
from pipelines.record_log import raw_table
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

NOON = datetime(2026, 3, 31, 12)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home")
    land(settings, "a", NOON)
    (settings.home / "dbt").mkdir()
    with Warehouse(settings.home).connect() as con:
        con.execute("create schema raw_runs")
        con.execute("create table raw_runs.reads (finished_at timestamp, is_complete boolean)")
        con.execute("insert into raw_runs.reads values (timestamp '2026-03-31 12:00', true)")
    return settings


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "dbt_project" / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("name: x\n")
    (folder / "dbt_project" / "models" / "a.sql").write_text("select 1\n")
    return folder


def land(settings: Settings, record_id: str, at: datetime) -> None:
    row = ("t1", record_id, "h" * 32, None, at, False, "{}")
    landing = Landing(Warehouse(settings.home), pipeline_name="test", dataset="raw_xero")
    landing.land({"items": lambda: iter([raw_table([row])])})


def a_read(settings: Settings, finished_at: str) -> None:
    with duckdb.connect(str(settings.home / "warehouse.duckdb")) as con:
        con.execute(f"insert into raw_runs.reads values (timestamp '{finished_at}', true)")  # noqa: S608


def test_the_same_log_and_project_have_the_same_fingerprint(settings, project) -> None:
    before = build_state.fingerprint(settings, project)
    a_read(settings, "2026-03-31 18:00")
    (project / "dbt_project" / "target").mkdir()
    (project / "dbt_project" / "target" / "run_results.json").write_text("{}")
    assert build_state.fingerprint(settings, project) == before


def test_a_new_version_changes_it(settings, project) -> None:
    before = build_state.fingerprint(settings, project)
    land(settings, "a", NOON.replace(hour=13))
    assert build_state.fingerprint(settings, project) != before


def test_a_changed_model_changes_it(settings, project) -> None:
    before = build_state.fingerprint(settings, project)
    (project / "dbt_project" / "models" / "a.sql").write_text("select 2\n")
    assert build_state.fingerprint(settings, project) != before


def test_another_day_changes_it(settings, project) -> None:
    before = build_state.fingerprint(settings, project)
    a_read(settings, "2026-04-01 00:30")
    assert build_state.fingerprint(settings, project) != before


def test_only_a_build_that_succeeded_holds(settings, project) -> None:
    now = build_state.fingerprint(settings, project)
    assert not build_state.is_current(settings, now)
    build_state.remember(settings, now)
    assert build_state.is_current(settings, now)
    assert not build_state.is_current(settings, "another")
    build_state.forget(settings)
    assert not build_state.is_current(settings, now)
