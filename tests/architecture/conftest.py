"""The tree under test: its tracked files, its Python imports, its dbt project as dbt reads it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from orchestration.dbt import prepare_manifest
from pipelines.settings import load_settings


@pytest.fixture(scope="session")
def tracked_files(project_root: Path) -> list[Path]:
    """All files that belong to the project, relative to it: committed, or about to be."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project_root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (Path(name) for name in listing.split("\0") if name)
    return sorted(path for path in paths if (project_root / path).is_file())


@pytest.fixture(scope="session")
def manifest() -> dict[str, Any]:
    """What dbt makes of the project: models with configuration, columns, tests and parents."""
    return json.loads(prepare_manifest(load_settings()).read_text("utf-8"))


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The models of the manifest."""
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
