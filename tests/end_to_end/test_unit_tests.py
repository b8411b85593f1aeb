"""Every rule of the models does what its example says: dbt's unit tests, all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.dbt import prepare_manifest
from orchestration.parsed_project import ParsedProject
from pipelines.warehouse import Warehouse

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")


def test_every_unit_test_passes(demo: Demo, project_root: Path, tmp_path: Path) -> None:
    written = json.loads(prepare_manifest(demo.settings).read_text("utf-8"))["unit_tests"]
    command = [
        *(sys.executable, "-P", "-m", "orchestration.dbt_events"),
        *("--results", str(tmp_path / "run_results.json")),
        *ParsedProject(project_root, tmp_path).as_option,
        *("test", "--select", "test_type:unit"),
        *("--project-dir", str(project_root), "--profiles-dir", str(project_root / "dbt_project")),
        *("--target-path", str(tmp_path), "--log-path", str(tmp_path)),
    ]
    with Warehouse(demo.settings.home).lock("a test"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("XERO_CRM_HOME", ".")  # where dbt parsed the project
        done = subprocess.run(
            command, cwd=demo.settings.home, capture_output=True, text=True, check=False
        )
    results = json.loads((tmp_path / "run_results.json").read_text("utf-8"))["results"]
    unmet = [result["message"] for result in results if result["status"] != "pass"]
    assert unmet == [], done.stdout
    assert {result["unique_id"] for result in results} == set(written)
