"""Whether the models are SQL for Snowflake, BigQuery and Databricks, as far as a parser can tell.

    make compile-elsewhere

dbt compiles every model with the engine's own adapter and no connection; sqlglot parses what comes
out in the engine's dialect, and follows every column from the sources to the marts. Nothing is run:
types, limits and what functions do are not tried. The SQL stays in dbt_project/target/elsewhere.
Printed: per engine how many models passed, and why the others did not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

PROJECT = Path(__file__).parents[2]
# Functions that the engine has and sqlglot does not know; any other is a finding.
ENGINES = {
    "snowflake": {"to_variant", "try_to_timestamp_ntz", "try_to_timestamp_tz"},
    "bigquery": {"parse_json"},
    "databricks": {
        *("from_json", "named_struct", "timestamp_millis", "try_parse_json", "try_to_timestamp"),
    },
}
# Snowflake reads a member of an object as `fields:Name`; models of JSON write `fields.Name`.
MEMBER_BY_A_POINT = "reads a member of an object by a point"
RAW_LOG = {
    **dict.fromkeys(("tenant_id", "record_id", "version_hash", "payload"), "string"),
    **dict.fromkeys(("record_updated_at", "extracted_at"), "timestamp"),
    "is_deleted": "boolean",
}


def main() -> int:
    """Compile and check for each engine; 1 if a model failed for more than the known reason."""
    failed = False
    for engine in ENGINES:
        target = PROJECT / "dbt_project" / "target" / "elsewhere" / engine
        _compile(engine, target)
        problems = dict(check(engine, target))
        found = {name: problem for name, problem in problems.items() if problem}
        print(f"{engine}: {len(problems) - len(found)} of {len(problems)} models passed")
        for name, problem in sorted(found.items()):
            print(f"  {name}: {problem}")
        failed = failed or bool(set(found.values()) - {MEMBER_BY_A_POINT})
    return 1 if failed else 0


def _compile(engine: str, target: Path) -> None:
    """Compile every model; dbt says what it cannot compile, and ends us."""
    command = [Path(sys.executable).with_name("dbt"), "compile", "--quiet", "--target", engine]
    command += ["--no-introspect", "--no-populate-cache", "--profiles-dir", "dbt_project"]
    command += ["--target-path", target, "--log-path", target / "logs"]
    subprocess.run(command, cwd=PROJECT, check=True)


def check(engine: str, target: Path) -> Iterator[tuple[str, str | None]]:
    """Give each model's name and what is wrong with its SQL, or None; what it reads comes first."""
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    schema = MappingSchema(dialect=engine)
    for source in manifest["sources"].values():
        own = {name: column["data_type"] for name, column in source["columns"].items()}
        schema.add_table(_table(source, engine), own or RAW_LOG, dialect=engine)
    for model in _in_order(manifest):
        file = target / "compiled" / "xero_crm" / model["original_file_path"]
        try:
            query = _resolved(file.read_text("utf-8"), schema, engine)
        except SqlglotError as error:
            # So that its readers are judged by themselves, they see the columns of its description.
            schema.add_table(_table(model, engine), _listed(model), dialect=engine)
            yield model["name"], str(error).partition("\n")[0]
            continue
        columns = {column.alias_or_name: _type(column, engine) for column in query.selects}
        schema.add_table(_table(model, engine), columns, dialect=engine)
        yield model["name"], _foreign(query, engine)


def _resolved(sql: str, schema: MappingSchema, engine: str) -> exp.Query:
    """Return the query with the table of each column and the type of each expression."""
    tree = sqlglot.parse_one(sql, dialect=engine)
    return annotate_types(qualify(tree, schema=schema, dialect=engine), schema, dialect=engine)  # pyright: ignore


def _foreign(query: exp.Query, engine: str) -> str | None:
    """Return what the dialect's grammar lets pass and the engine does not, or None."""
    unknown = {call.name.lower() for call in query.find_all(exp.Anonymous)} - ENGINES[engine]
    if unknown:
        return f"functions that are not known: {', '.join(sorted(unknown))}"
    if engine == "snowflake" and query.find(exp.Dot):
        return MEMBER_BY_A_POINT
    if engine == "bigquery":
        for joined in query.find_all(exp.DPipe):
            for side in (joined.left, joined.right):
                if side.is_type(*exp.DataType.INTEGER_TYPES):
                    return f"joins a number to a text: {side.sql(engine)}"
        for type_ in query.find_all(exp.DataType):
            if type_.sql(engine).upper().startswith("NUMERIC(38"):
                return f"has no type {type_.sql(engine)}"
    return None


def _in_order(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    models = {
        key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }
    seen: set[str] = set()

    def visit(key: str) -> Iterator[dict[str, Any]]:
        if key in models and key not in seen:
            seen.add(key)
            for parent in models[key]["depends_on"]["nodes"]:
                yield from visit(parent)
            yield models[key]

    for key in models:
        yield from visit(key)


def _table(node: dict[str, Any], engine: str) -> exp.Table:
    return exp.to_table(node["relation_name"], dialect=engine)


def _listed(model: dict[str, Any]) -> dict[str, str]:
    return {name: column["data_type"] or "string" for name, column in model["columns"].items()}


def _type(column: exp.Expression, engine: str) -> str:
    return column.type.sql(engine) if column.type else "unknown"


if __name__ == "__main__":
    sys.exit(main())
