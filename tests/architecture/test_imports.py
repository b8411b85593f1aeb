"""Imports point inward: orchestration, then pipelines; no system knows another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SYSTEMS = {"xero", "prospect", "workguru", "unleashed"}
CORE = ("settings", "settings_files", "warehouse", "record_log")
# What each file of a system's folder may know of the world outside (DESIGN, Layout).
KNOWS = {"dlt": "source.py", "pyarrow": "source.py"}
HTTP = ("httpx", "requests", "urllib3", "urllib.request", "http.client", "aiohttp")


def imports_of(path: Path) -> Iterator[str]:
    """Yield the full names a file imports, at any depth: `from a import b` gives `a`, `a.b`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(folder: Path, *banned: str) -> list[str]:
    """Name each file under a folder that imports a banned package, or a module in one."""
    return [
        f"{path.relative_to(folder)} imports {name}"
        for path in sorted(folder.rglob("*.py"))
        for name in imports_of(path)
        if name.startswith(tuple(f"{package}." for package in banned)) or name in banned
    ]


@pytest.fixture(scope="module")
def pipelines(project_root: Path) -> Path:
    return project_root / "pipelines"


def test_pipelines_know_nothing_of_orchestration(pipelines):
    named = {name.split(".")[0] for path in pipelines.rglob("*.py") for name in imports_of(path)}
    outer = {name for name in named if name.startswith(("dagster", "dbt"))}
    assert offenders(pipelines, "orchestration", "streamlit", "typer", *outer) == []


def test_dbt_is_imported_only_by_the_command_that_runs_it_in_a_process_of_its_own(project_root):
    found = offenders(project_root / "orchestration", "dbt")
    assert {each.split()[0] for each in found} == {"dbt_events.py"}


def test_no_system_knows_another(pipelines):
    found = {
        system.name: offenders(system, *(f"pipelines.{other}" for other in SYSTEMS - {system.name}))
        for system in pipelines.iterdir()
        if system.name in SYSTEMS
    }
    assert {system: files for system, files in found.items() if files} == {}


def test_the_sandbox_shares_no_code_with_what_it_stands_in_for(pipelines):
    assert offenders(pipelines / "sandbox", *(f"pipelines.{system}" for system in SYSTEMS)) == []


def test_only_orchestration_starts_the_sandbox(pipelines):
    product = (path for path in pipelines.iterdir() if path.is_dir() and path.name != "sandbox")
    modules = [name for folder in product for name in offenders(folder, "pipelines.sandbox")]
    top = [
        path.name
        for path in pipelines.glob("*.py")
        if any(name.startswith("pipelines.sandbox") for name in imports_of(path))
    ]
    assert modules + top == []


def test_the_core_knows_no_system(pipelines):
    systems = tuple(f"pipelines.{system}" for system in SYSTEMS | {"sandbox", "push"})
    knows = [
        f"{module}.py imports {name}"
        for module in CORE
        for name in imports_of(pipelines / f"{module}.py")
        if name.startswith(systems)
    ]
    assert knows == []


@pytest.mark.parametrize(("package", "owner"), KNOWS.items())
def test_in_a_system_only_the_source_knows_the_loader(pipelines, package, owner):
    found = [
        f"{path.relative_to(pipelines)} imports {name}"
        for path in pipelines.glob("*/*.py")
        if path.parent.name in SYSTEMS and path.name != owner
        for name in imports_of(path)
        if name.split(".")[0] == package
    ]
    assert found == []


def test_a_source_speaks_no_http(pipelines):
    found = [
        f"{path.relative_to(pipelines)} imports {name}"
        for path in pipelines.glob("*/*.py")
        if path.name in ("source.py", "endpoints.py", "writer.py")
        for name in imports_of(path)
        if name in HTTP or name.split(".")[0] in HTTP
    ]
    assert found == []
