"""The tree as a newcomer meets it: a fixed top level, nothing of the machine it was written on."""

from __future__ import annotations

import csv
import re
import tomllib

from pipelines.settings_files import SETTINGS_FILES

TOP_LEVEL = {
    "LICENSE",
    "Makefile",
    "README.md",
    "data",
    "dbt_project",
    "dbt_project.yml",
    "orchestration",
    "pipelines",
    "pyproject.toml",
    "requirements-elsewhere.lock",
    "requirements-installer.lock",
    "requirements-launchers.lock",
    "requirements-spark.lock",
    "requirements.lock",
    "tests",
}
# Absolute folders of one machine; hosts of packages. In pieces, so as not to find themselves.
OF_A_MACHINE = re.compile(
    r"(?<![\w.:/}~*-])/(?:" + "|".join(("work", "tmp", "root", "home", "farm", "Users")) + r")/\w"
)
REGISTRIES = re.compile(
    "|".join(("pypi[.]org", "pythonhosted[.]org", "registry[.]npmjs", "deb[.]debian"))
)


def test_the_top_level_is_the_designed_one(tracked_files):
    top = {path.parts[0] for path in tracked_files}
    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL


def found_in(project_root, tracked_files, pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in tracked_files
        if (project_root / path).stat().st_size < 5_000_000
        for number, line in enumerate(
            (project_root / path).read_text("utf-8", errors="replace").splitlines(), start=1
        )
        if pattern.search(line)
    ]


def test_no_file_names_a_folder_of_one_machine(project_root, tracked_files):
    assert found_in(project_root, tracked_files, OF_A_MACHINE) == []


def test_no_file_names_a_package_registry(project_root, tracked_files):
    assert found_in(project_root, tracked_files, REGISTRIES) == []


def test_a_new_checkout_connects_nothing(project_root):
    connections = (project_root / "data/settings/connections.toml").read_text("utf-8")
    assert tomllib.loads(connections) == {}


def test_a_new_checkout_has_every_settings_file_with_its_columns_and_no_row(project_root):
    held = {
        path.stem: list(csv.reader(path.read_text("utf-8").splitlines()))
        for path in (project_root / "data/settings").glob("*.csv")
    }
    assert held == {file.name: [list(file.columns)] for file in SETTINGS_FILES}


def test_each_folder_of_the_top_level_says_what_it_is(project_root):
    folders = [name for name in TOP_LEVEL if (project_root / name).is_dir()]
    assert [name for name in folders if not (project_root / name / "README.md").exists()] == []


def test_a_test_that_a_readme_names_is_there(project_root, tracked_files):
    texts = {path: (project_root / path).read_text("utf-8", "replace") for path in tracked_files}
    there = {
        name
        for path, text in texts.items()
        if path.name.startswith("test_")
        for name in re.findall(r"def (test_\w+)", text)
    }
    named = {
        f"{path}: {name}": name
        for path, text in texts.items()
        if path.name == "README.md"
        for name in re.findall(r"`(test_\w+)`", text)
    }
    assert len(named) > 20
    assert [where for where, name in named.items() if name not in there] == []
