"""Whether the latest build still holds: the models are a pure function of what it was made from.

What goes in: every raw table (append-only, so that its row count and latest time say whether it
grew), the day that models count from, and the project's files. A build that did not succeed, or
was interrupted, leaves no state, and the next one is made.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse import Warehouse


def fingerprint(settings: Settings, project: Path) -> str:
    """Return a hash of all that a build depends on; only under the warehouse's lock."""
    parts = {"raw": _raw_tables(Warehouse(settings.home)), "project": _files(project)}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def is_current(settings: Settings, now: str) -> bool:
    """Return whether the latest build was made from what has this fingerprint, and succeeded."""
    try:
        return _path(settings).read_text("utf-8") == now
    except FileNotFoundError:
        return False


def forget(settings: Settings) -> None:
    """Note that a build has begun: until it succeeded, none holds."""
    _path(settings).unlink(missing_ok=True)


def remember(settings: Settings, made_from: str) -> None:
    """Note that a build of everything succeeded."""
    _path(settings).write_text(made_from, "utf-8")


def _path(settings: Settings) -> Path:
    return Path(settings.home) / "dbt" / "built_from.txt"


def _raw_tables(warehouse: Warehouse) -> dict[str, str]:
    if not warehouse.path.exists():
        return {}
    with warehouse.connect(read_only=True) as con:
        tables = con.execute(
            "select table_schema, table_name from information_schema.columns "
            "where starts_with(table_schema, 'raw_') and column_name = 'extracted_at'"
        ).fetchall()
        found = {
            f"{schema}.{table}": str(
                con.execute(f"select count(*), max(extracted_at) from {schema}.{table}").fetchone()  # noqa: S608
            )
            for schema, table in tables
        }
        found["day"] = str(
            con.execute(
                "select max(cast(finished_at as date)) from raw_runs.reads where is_complete"
            ).fetchone()
        )
    return found


def _files(project: Path) -> str:
    digest = hashlib.sha256()
    written = ("target", "logs")
    files = [project / "dbt_project.yml", *sorted((project / "dbt_project").rglob("*"))]
    for file in files:
        inside = file.relative_to(project).parts
        if file.is_file() and inside[1:2] not in [(name,) for name in written]:
            digest.update(str(inside).encode() + file.read_bytes())
    return digest.hexdigest()
