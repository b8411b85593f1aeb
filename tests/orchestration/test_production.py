"""Dagster's history in PostgreSQL: the production dagster.yaml against a real server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote

import dagster as dg
import psycopg
import pytest
from dagster_postgres import PostgresEventLogStorage
from postgresql_server import PASSWORD, USER, postgresql_server
from pydantic import SecretStr

from orchestration.defs.resources import Project, dagster_home
from orchestration.defs.sync import settings_files
from pipelines.settings import Settings

pytestmark = pytest.mark.needs_postgresql


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgresql_server() as port:
        yield f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/postgres"


@pytest.fixture
def settings(tmp_path, url, monkeypatch) -> Settings:
    monkeypatch.setenv("XERO_CRM_DAGSTER_URL", "")  # and taken back afterwards
    connections = tmp_path / "connections.toml"
    connections.write_text("", "utf-8")
    folder = tmp_path / "settings"
    folder.mkdir()
    return Settings(
        home=tmp_path / "home",
        connections=connections,
        settings_dir=folder,
        dagster_url=SecretStr(url),
    )


def test_runs_are_queued_and_kept_in_the_server(settings, url):
    home = dagster_home(settings)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert isinstance(instance.event_log_storage, PostgresEventLogStorage)
        assert type(instance.run_coordinator).__name__ == "QueuedRunCoordinator"
        assert type(instance.run_launcher).__name__ == "DefaultRunLauncher"
        assert instance.get_concurrency_config().pool_config.default_pool_limit == 1
        done = dg.materialize(
            [settings_files], instance=instance, resources={"project": Project(settings)}
        )
        assert done.success
    with dg.DagsterInstance.from_config(str(home)) as again:
        assert again.get_latest_materialization_event(dg.AssetKey("settings")) is not None
    with psycopg.connect(url) as server:
        runs = server.execute("select run_id, status from runs").fetchall()
    assert runs == [(done.run_id, "SUCCESS")]


def test_the_password_is_in_no_file(settings, url):
    folder = dagster_home(settings)
    texts = [path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()]
    assert texts and os.environ["XERO_CRM_DAGSTER_URL"].endswith("/postgres")
    assert not [text for text in texts if url in text or quote(PASSWORD, safe="") in text]
    assert PASSWORD not in repr(settings) and url not in repr(settings)
