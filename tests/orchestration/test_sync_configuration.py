"""`sync --only configuration`: what a person refreshes before sending, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

from orchestration.homes import mark_demo_home
from orchestration.sandbox import connect_home, sandbox_folder
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.sync import sync_all

CONFIGURATION = {"organisation", "accounts", "tracking_categories", "tax_rates", "items"}


def test_it_refreshes_accounts_tracking_and_tax_rates_and_leaves_other_systems_alone(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    world = load_world(sandbox_folder(), documents=1)
    first, *_ = world.organisations.values()
    with (
        patch.dict(os.environ),  # the sandbox's credentials do not outlive it
        SandboxServer(world, limits=Limits(enforced=False)) as server,
    ):
        mark_demo_home(home)
        settings = connect_home(home, server.url)
        before = sync_all(settings, only="configuration")
        account_id = next(iter(first.records["Accounts"]))
        first.change("Accounts", account_id, Name="Renamed before sending")
        after = sync_all(settings, only="configuration")
        asked = {path for _, path in server.control.calls}

    assert before.is_complete
    assert after.is_complete
    of_xero = [read for read in before.reads if read.system != "settings"]
    assert {read.system for read in of_xero} == {"xero"}
    assert {read.endpoint for read in of_xero} == CONFIGURATION
    assert {read.tenant_id for read in of_xero} == set(world.organisations)
    renewed = {(r.tenant_id, r.endpoint): r.versions_written for r in after.reads}
    assert {key: n for key, n in renewed.items() if n} == {(first.tenant_id, "accounts"): 1}
    assert not any("workguru" in path or "prospect" in path.lower() for path in asked), asked
