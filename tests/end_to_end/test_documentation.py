"""What dbt's documentation says of the tables is all that there is in them."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from orchestration.dbt import prepare_manifest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")


def test_every_column_of_every_model_is_described_and_nothing_else_is(demo: Demo) -> None:
    nodes = json.loads(prepare_manifest(demo.settings).read_text("utf-8"))["nodes"].values()
    described = {
        (node["schema"], node["alias"]): {
            name.lower() for name, column in node["columns"].items() if column["description"]
        }
        for node in nodes
        if node["resource_type"] == "model"
    }
    built: dict[tuple[str, str], set[str]] = defaultdict(set)
    for schema, table, column in demo.rows(
        "select table_schema, table_name, column_name from information_schema.columns"
    ):
        built[schema, table].add(column.lower())
    assert set(described) - set(built) == set()
    wrong = {
        ".".join(model): (sorted(built[model] - columns), sorted(columns - built[model]))
        for model, columns in described.items()
        if built[model] != columns
    }
    assert wrong == {}, "(not described, described but not there)"
