"""Every request of our extract passes Xero's official OpenAPI file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.settings import Settings
from pipelines.sync import sync_all
from pipelines.xero.endpoints import ENDPOINTS

pytestmark = pytest.mark.needs_shared


@pytest.fixture
def settings(tmp_path: Path, project_root: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XERO_CRM_SANDBOX_CLIENT_ID", "harbour")
    monkeypatch.setenv("XERO_CRM_SANDBOX_CLIENT_SECRET", "harbour-secret")
    return Settings(
        home=tmp_path / "home",
        connections=tmp_path / "connections.toml",
        settings_dir=project_root / "data" / "sandbox" / "settings",
    )


def test_a_full_read_and_an_incremental_one_ask_only_what_the_official_file_knows(
    settings: Settings, world: Any, checker: Any
):
    with SandboxServer(world, limits=Limits(per_minute=600)) as server:
        settings.connections.write_text(
            '[[xero]]\nname = "sandbox"\ncalls_per_minute = 600\n'
            f'api_url = "{server.url}"\nidentity_url = "{server.url}"\n'
        )
        for _ in range(2):
            summary = sync_all(settings)
            assert summary.is_complete, summary.failures
        again = {read.endpoint: read for read in summary.reads if read.system == "xero"}
        calls = [call for call in server.control.requests if call.tenant_id]
    found = {}
    for call in calls:
        headers = {"xero-tenant-id": call.tenant_id}
        if call.if_modified_since is not None:
            headers["If-Modified-Since"] = call.if_modified_since
        path = f"/{call.endpoint}/{call.key}".rstrip("/")
        found[path, str(call.query)] = checker.check_request(call.method, path, call.query, headers)
    assert {call: problems for call, problems in found.items() if problems} == {}
    assert {call.status for call in calls} == {200}
    assert any(call.if_modified_since for call in calls)
    paged = {one.table for one in ENDPOINTS.values() if one.is_paged}
    assert {table: again[table].calls for table in paged} == dict.fromkeys(paged, 1)
    assert {again[table].versions_written for table in paged} == {0}
