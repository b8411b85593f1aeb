"""What the tests of orchestration share: snapshots, small dbt projects, sandboxes of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from forked_dbt import dbt_is_a_fork  # noqa: F401 - a fixture

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture
def is_as_in_snapshot(tmp_path: Path) -> Callable[[str, str], None]:
    """Compare a text with the one in `snapshots/`, so that a change of it shows in review."""

    def compare(name: str, text: str) -> None:
        received, expected = tmp_path / name, SNAPSHOTS / name
        received.write_text(text, "utf-8")
        held = expected.read_text("utf-8") if expected.exists() else ""
        remedy = f"if this is as it should be: cp {received} {expected}"
        assert text.splitlines() == held.splitlines(), remedy

    return compare


PROJECT = """
name: small
profile: small
model-paths: [dbt_project/models]
test-paths: [dbt_project/tests]
flags: {send_anonymous_usage_stats: false}
"""
PROFILES = """
small:
  target: dev
  outputs:
    dev: {type: duckdb, path: "{{ env_var('XERO_CRM_HOME') }}/warehouse.duckdb", schema: crm}
"""


@pytest.fixture
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Make a dbt project of a few models and tests, and work in it.

    Names are files: `good="select 1 as id"` is a model, `test_good="select ..."` a singular test.
    """

    def make(**files: str) -> Path:
        folder = tmp_path / "project"
        for part in ("models", "tests"):
            (folder / "dbt_project" / part).mkdir(parents=True)
        (folder / "dbt_project.yml").write_text(PROJECT, "utf-8")
        (folder / "dbt_project" / "profiles.yml").write_text(PROFILES, "utf-8")
        for name, sql in files.items():
            part = "tests" if name.startswith("test_") else "models"
            (folder / "dbt_project" / part / f"{name}.sql").write_text(sql, "utf-8")
        monkeypatch.chdir(folder)
        return folder

    return make
