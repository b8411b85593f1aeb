"""An endpoint is an entry in endpoints.py, a staging model and its YAML: none without another."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("dbt_manifest")  # dbt reads the project once


@pytest.fixture(scope="module")
def raw_tables(project_root: Path) -> set[tuple[str, str]]:
    """(source, table) of every endpoint that the extract reads."""
    return {
        (f"raw_{folder.parent.name}", endpoint.table)
        for folder in (project_root / "pipelines").glob("*/endpoints.py")
        for endpoint in import_module(
            f"pipelines.{folder.parent.name}.endpoints"
        ).ENDPOINTS.values()
    }


@pytest.fixture(scope="module")
def declared_tables(manifest: dict[str, Any], raw_tables: set[tuple[str, str]]):
    """(source, table) of every table of those systems that dbt's YAML declares, by unique id."""
    systems = {source for source, _ in raw_tables}
    return {
        unique_id: (node["source_name"], node["name"])
        for unique_id, node in manifest["sources"].items()
        if node["source_name"] in systems
    }


def test_every_endpoint_is_declared_as_a_source(raw_tables, declared_tables):
    assert raw_tables - set(declared_tables.values()) == set()


def test_every_declared_source_is_an_endpoint(raw_tables, declared_tables):
    assert set(declared_tables.values()) - raw_tables == set()


def test_every_endpoint_has_a_staging_model(raw_tables, declared_tables, models):
    read = {
        declared_tables[parent]
        for model in models
        if model["name"].startswith("stg_")
        for parent in model["depends_on"]["nodes"]
        if parent in declared_tables
    }
    assert raw_tables - read == set()


def test_every_staging_model_has_its_yaml(models):
    staging = [model for model in models if model["name"].startswith("stg_")]
    assert [m["name"] for m in staging if not (m["patch_path"] and m["description"])] == []
