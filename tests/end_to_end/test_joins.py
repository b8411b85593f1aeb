"""No model joins in a way that DuckDB can only answer by comparing every row with every other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from pipelines.settings import Settings

pytestmark = pytest.mark.xdist_group("demo")


def test_no_left_join_has_a_condition_on_the_left_side_alone(demo):
    """Such a condition takes the hash from the join: say `case when … then key end = other.key`."""
    found = [
        f"{path.stem}: {condition}"
        for path in _compiled(demo.settings)
        if "left join" in (query := path.read_text("utf-8"))
        for condition in _one_sided_conditions(query)
    ]
    assert not found


def test_a_condition_on_the_left_side_alone_is_noticed():
    query = "select 1 from a left join b on a.id = b.id and a.kind = 'line' and b.is_held"
    assert list(_one_sided_conditions(query)) == ["a.kind = 'line'"]


def _compiled(settings: Settings) -> list[Path]:
    folder = settings.home / "dbt" / "target" / "compiled" / "xero_crm" / "dbt_project" / "models"
    paths = [path for path in folder.rglob("*.sql") if path.parent.suffix != ".yml"]
    assert len(paths) > 100
    return paths


def _one_sided_conditions(query: str) -> Iterator[str]:
    for join in sqlglot.parse_one(query, read="duckdb").find_all(exp.Join):
        condition = join.args.get("on")
        if join.side != "LEFT" or condition is None:
            continue
        parts = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
        for part in parts:
            tables = {column.table for column in part.find_all(exp.Column)}
            if tables and join.this.alias_or_name not in tables:
                yield part.sql(dialect="duckdb")
