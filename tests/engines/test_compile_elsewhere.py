"""What cannot be SQL of an engine is found in compiled models, without the engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from compile_elsewhere import check

SOURCE = {"relation_name": "raw.items", "columns": {}}


def problems(target: Path, engine: str, **models: str) -> dict[str, str | None]:
    """Check models that each read the one before, the first one the raw log."""
    nodes, before = {}, []
    for name, sql in models.items():
        file = target / "compiled" / "xero_crm" / f"{name}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(sql, "utf-8")
        nodes[name] = {
            "resource_type": "model",
            "name": name,
            "relation_name": f"main.{name}",
            "original_file_path": file.name,
            "depends_on": {"nodes": before},
            "columns": {},
        }
        before = [name]
    manifest = {"sources": {"items": SOURCE}, "nodes": dict(reversed(nodes.items()))}
    (target / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return dict(check(engine, target))


def test_a_model_may_read_what_the_model_before_it_has(tmp_path: Path):
    found = problems(
        tmp_path,
        "bigquery",
        stg_items="select payload as item_id from raw.items",
        items="select item_id from main.stg_items",
    )
    assert found == {"stg_items": None, "items": None}


def test_a_column_that_the_model_before_it_lacks_is_named(tmp_path: Path):
    found = problems(
        tmp_path,
        "databricks",
        stg_items="select payload as item_id from raw.items",
        items="select item_code from main.stg_items",
    )
    assert "item_code" in (found["items"] or "")


@pytest.mark.parametrize(
    ("engine", "sql", "named"),
    [
        ("bigquery", "select list_transform(payload, 1) as x from raw.items", "list_transform"),
        ("bigquery", "select payload || length(payload) as x from raw.items", "number to a text"),
        ("bigquery", "select cast(payload as decimal(38, 4)) as x from raw.items", "NUMERIC(38"),
        ("bigquery", "select payload from raw.items union select 'x'", "DISTINCT or ALL"),
        (
            "snowflake",
            "select f.name from (select parse_json(payload) as f from raw.items)",
            "point",
        ),
        ("databricks", "select payload[ from raw.items", "Expected"),
    ],
)
def test_what_the_engine_does_not_have_is_named(tmp_path: Path, engine, sql, named):
    assert named in (problems(tmp_path, engine, items=sql)["items"] or "")
