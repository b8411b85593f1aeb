"""The tree under test: its tracked files, its Python imports, its dbt project as dbt reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


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
def manifest(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What dbt makes of the project: models with configuration, columns, tests and parents."""
    folder = tmp_path_factory.mktemp("dbt")
    dbt = Path(sys.executable).with_name("dbt")
    parse = [dbt, "--quiet", "parse", "--no-partial-parse", "--profiles-dir", "dbt_project"]
    done = subprocess.run(
        [*parse, "--target-path", folder, "--log-path", folder],
        cwd=project_root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((folder / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The models of the manifest."""
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
