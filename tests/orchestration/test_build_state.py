"""A model is built again exactly when something that it was made from has changed."""

from __future__ import annotations

import json
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
        con.execute(
            "create table raw_runs.reads (tenant_id varchar, endpoint varchar,"
            " started_at timestamp,"
            " finished_at timestamp, whole_at timestamp, is_complete boolean)"
        )
    a_read(settings, "2026-03-31 12:00")
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


def a_read(settings: Settings, at: str, endpoint: str = "trial_balance_reports") -> None:
    with duckdb.connect(str(settings.home / "warehouse.duckdb")) as con:
        con.execute(
            "insert into raw_runs.reads values"
            " ('t1', $endpoint, $at::timestamp, $at::timestamp, null, true)",
            {"endpoint": endpoint, "at": at},
        )


@pytest.fixture
def built(settings, project) -> None:
    """The latest build was made from what there is."""
    build_state.remember(settings, build_state.made_from(settings, project))


def changed(settings: Settings, project: Path) -> frozenset[str] | None:
    return build_state.changed_tables(settings, build_state.made_from(settings, project))


def test_nothing_has_changed_where_only_another_read_was_made(settings, project, built) -> None:
    a_read(settings, "2026-03-31 18:00")
    (project / "dbt_project" / "target").mkdir()
    (project / "dbt_project" / "target" / "run_results.json").write_text("{}")
    assert changed(settings, project) == frozenset()


def test_a_table_with_a_new_version_has_changed(settings, project, built) -> None:
    land(settings, "a", NOON.replace(hour=13))
    assert changed(settings, project) == {"raw_xero.items"}


def test_reports_that_were_read_again_count_where_documents_had_changed_since(
    settings, project
) -> None:
    with duckdb.connect(str(settings.home / "warehouse.duckdb")) as con:
        con.execute("create schema staging")
        con.execute("create table staging.stg_xero__document_versions as select 1 as document_id")
    build_state.remember(settings, build_state.made_from(settings, project))
    a_read(settings, "2026-03-31 18:00")
    assert changed(settings, project) == {"raw_runs.reads"}


def test_the_first_whole_read_of_journals_counts_also_where_there_are_none(
    settings, project, built
) -> None:
    a_read(settings, "2026-03-31 18:00", "journals")
    assert changed(settings, project) == {"raw_runs.reads"}


def test_another_day_is_a_change_of_the_reads(settings, project, built) -> None:
    a_read(settings, "2026-04-01 00:30")
    assert changed(settings, project) == {"raw_runs.reads"}


def test_after_a_changed_model_everything_is_built(settings, project, built) -> None:
    (project / "dbt_project" / "models" / "a.sql").write_text("select 2\n")
    assert changed(settings, project) is None


def test_after_a_build_that_did_not_succeed_everything_is_built(settings, project, built) -> None:
    build_state.forget(settings)
    assert changed(settings, project) is None


def test_what_cannot_be_read_of_the_latest_build_is_none(settings, project, built) -> None:
    (settings.home / "dbt" / "built_from.json").write_text("{}")
    assert changed(settings, project) is None


def test_all_models_are_found_that_a_table_goes_into_at_any_distance() -> None:
    def a_source(table: str) -> dict[str, str]:
        return {"schema": "raw_xero", "identifier": table}

    manifest = {
        "sources": {"source.x.items": a_source("items"), "source.x.users": a_source("users")},
        "child_map": {
            "source.x.items": ["model.x.stg_items"],
            "source.x.users": ["model.x.stg_users"],
            "model.x.stg_items": ["test.x.unique", "model.x.both", "model.x.items"],
            "model.x.stg_users": ["model.x.both"],
            "model.x.both": ["model.x.mart"],
        },
    }
    found = build_state.models_made_from({"raw_xero.items"}, json.dumps(manifest).encode())
    assert found == ["both", "items", "mart", "stg_items"]
