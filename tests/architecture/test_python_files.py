"""What every Python file keeps to: a size, a name that says what it is, no environment."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

MOST_LINES = 250
SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "processor", "process"}
# The only reader of the environment, and the one place that hands it on to processes we start.
READ_ENVIRONMENT = {"pipelines/settings.py"}
HAND_ENVIRONMENT_ON = {"orchestration/environment.py"}


@pytest.fixture(scope="module")
def python_files(tracked_files: list[Path]) -> list[Path]:
    return [path for path in tracked_files if path.suffix == ".py"]


def test_a_file_is_one_thing(project_root, python_files):
    lengths = {
        str(path): len((project_root / path).read_text("utf-8").splitlines())
        for path in python_files
    }
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_names_say_what_a_file_is(tracked_files):
    names = [
        path
        for path in tracked_files
        for part in path.with_suffix("").parts
        if SAY_NOTHING & set(part.lower().replace("-", "_").split("_"))
    ]
    assert names == []


def uses_of_environment(path: Path) -> list[str]:
    return [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in ("environ", "getenv", "putenv", "environb")
    ]


def test_settings_are_the_only_reader_of_the_environment(project_root, python_files):
    product = [p for p in python_files if p.parts[0] in ("pipelines", "orchestration")]
    readers = {
        str(path): uses
        for path in product
        if str(path) not in READ_ENVIRONMENT | HAND_ENVIRONMENT_ON
        and (uses := uses_of_environment(project_root / path))
    }
    assert readers == {}


def test_what_hands_the_environment_on_looks_at_no_variable(project_root):
    for name in HAND_ENVIRONMENT_ON:
        text = (project_root / name).read_text("utf-8")
        looked_at = [token for token in ("environ[", "environ.get", "getenv") if token in text]
        assert looked_at == [], f"{name} reads the environment"
