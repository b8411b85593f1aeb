"""Dagster's page in a real browser: the graph loads, and a run started from it succeeds."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import httpx
import pytest
from dashboard_browser import chromium
from playwright.sync_api import expect

from orchestration.dbt import prepare_manifest, project_dir
from orchestration.defs.resources import dagster_home
from orchestration.defs.sync import SETTINGS_GROUP, SETTINGS_KEY
from orchestration.environment import child_environment
from pipelines.settings import Settings

pytestmark = pytest.mark.needs_chromium
PATIENCE = 300.0  # seconds, on a machine that does other work too


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home of its own, connected to nothing: the settings files are all that it can read."""
    connections = tmp_path / "connections.toml"
    connections.write_text("", "utf-8")
    settings_dir = project_dir() / "data" / "settings"
    return Settings(home=tmp_path / "home", connections=connections, settings_dir=settings_dir)


@pytest.fixture
def address(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """Serve the page over that home as people do, with the daemon that starts what is queued."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    prepare_manifest(settings)
    command = [sys.executable, "-m", "orchestration", "ui", "--port", str(port)]
    log = tmp_path / "dagster.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            command, env=child_environment(settings), stdout=out, stderr=subprocess.STDOUT
        )
        url = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + PATIENCE
            while not _answers(url):
                assert server.poll() is None and time.monotonic() < until, log.read_text("utf-8")
            yield url
        finally:
            server.terminate()
            server.wait(30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/server_info", timeout=1).is_success
    except httpx.TransportError:
        return False


def test_the_graph_loads_and_a_run_started_from_it_succeeds(
    address: str, settings: Settings
) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE * 1000)
        said: list[str] = []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{address}/locations/orchestration.definitions/asset-groups/{SETTINGS_GROUP}")
        page.get_by_test_id("graph-container").or_(page.locator("svg")).first.wait_for()
        page.get_by_role("button", name="Materialize").first.click()
        page.get_by_text("Launched run").first.wait_for()
        page.goto(f"{address}/runs")
        success = page.get_by_text("Success", exact=True).first
        expect(success).to_be_visible(timeout=PATIENCE * 1000)
        assert said == []
    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        (record,) = instance.get_run_records()
        assert record.dagster_run.is_success
        assert instance.get_latest_materialization_event(SETTINGS_KEY) is not None
