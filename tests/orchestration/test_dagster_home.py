"""Dagster's own settings: ours, and what the file that names a launcher adds to them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from orchestration.defs.resources import dagster_home
from pipelines.settings import Settings, SettingsError

LAUNCHERS = Path(__file__).parents[2] / "orchestration" / "launchers"


@pytest.mark.parametrize(
    ("file", "launcher"),
    [
        ("docker.yaml", "DockerRunLauncher"),
        ("kubernetes.yaml", "K8sRunLauncher"),
        ("celery.yaml", "CeleryRunLauncher"),
    ],
)
def test_a_launcher_is_added_and_all_else_stays(tmp_path: Path, file: str, launcher: str) -> None:
    def read(settings: Settings) -> dict:
        return yaml.safe_load((dagster_home(settings) / "dagster.yaml").read_text("utf-8"))

    without = read(Settings(home=tmp_path))
    found = read(Settings(home=tmp_path, dagster_launcher=LAUNCHERS / file))
    assert found.pop("run_launcher")["class"] == launcher
    assert found == without != {}


def test_a_launchers_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, dagster_launcher=tmp_path / "nowhere.yaml")
    with pytest.raises(SettingsError, match=r"XERO_CRM_DAGSTER_LAUNCHER .*nowhere\.yaml"):
        dagster_home(settings)
