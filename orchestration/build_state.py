"""What the latest build was made from, and so which models it still holds for.

Models are a pure function of it: every raw table (append-only, so that its row count and latest
time say whether it grew), the day that models count from, and the project's files. A build that
did not succeed, or was interrupted, leaves no state, and the next one is of everything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

_READS = "raw_runs.reads"

# What models take from the record of reads: the day that they count from (macros/as_of.sql), and of
# whom the journals were read (int_ledger_bases_chosen).
_TAKEN_FROM_READS = """
    select
        max(cast(finished_at as date)),
        list(distinct tenant_id order by tenant_id) filter (where endpoint = 'journals')
    from raw_runs.reads
    where is_complete
"""
# And, where documents changed after Xero's reports were read, when that was (int_reports_dated): a
# report that is read again and shows the same explains no difference any more.
_CHANGED_SINCE_REPORTS = "staging.stg_xero__document_versions"
_REPORTS_READ = """
    select tenant_id, max(started_at), max(whole_at)
    from raw_runs.reads
    where is_complete and endpoint = 'trial_balance_reports'
    group by tenant_id
    order by tenant_id
"""


@dataclass(frozen=True)
class MadeFrom:
    """What a build depends on.

    Attributes:
        raw: Per raw table, what changes when it grows.
        project: A hash of the project's files.
    """

    raw: dict[str, str]
    project: str


def made_from(settings: Settings, project: Path) -> MadeFrom:
    """Return what a build would be made from; only under the warehouse's lock."""
    return MadeFrom(_raw_tables(Warehouse(settings.home)), _files(project))


def changed_tables(settings: Settings, now: MadeFrom) -> frozenset[str] | None:
    """Return the raw tables that grew since the latest build; None: build everything.

    That is where the latest build failed or was of other files, and where a table is gone.
    """
    try:
        before = MadeFrom(**json.loads(_path(settings).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    if before.project != now.project or before.raw.keys() - now.raw.keys():
        return None
    return frozenset(table for table, is_at in now.raw.items() if before.raw.get(table) != is_at)


def models_made_from(tables: Collection[str], manifest: bytes) -> list[str]:
    """Return the names of all models that any of the raw tables goes into, by dbt's manifest."""
    found = json.loads(manifest)
    reached: set[str] = set()
    to_follow = [
        unique_id
        for unique_id, source in found["sources"].items()
        if f"{source['schema']}.{source['identifier']}" in tables
    ]
    while to_follow:
        for child in found["child_map"].get(to_follow.pop(), ()):
            if child.startswith("model.") and child not in reached:
                reached.add(child)
                to_follow.append(child)
    return sorted(unique_id.split(".")[2] for unique_id in reached)


def forget(settings: Settings) -> None:
    """Note that a build has begun: until it succeeded, none holds."""
    _path(settings).unlink(missing_ok=True)


def remember(settings: Settings, made: MadeFrom) -> None:
    """Note that a build succeeded, and that every model is as if made from this."""
    _path(settings).write_text(json.dumps(asdict(made)), "utf-8")


def _path(settings: Settings) -> Path:
    return Path(settings.home) / "dbt" / "built_from.json"


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
        taken = con.execute(_TAKEN_FROM_READS).fetchall()
        if _has_rows(con, _CHANGED_SINCE_REPORTS):
            taken += con.execute(_REPORTS_READ).fetchall()
        found[_READS] = str(taken)
    return found


def _has_rows(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    try:
        return con.execute(f"select 1 from {table} limit 1").fetchone() is not None  # noqa: S608
    except duckdb.CatalogException:  # never built
        return False


def _files(project: Path) -> str:
    digest = hashlib.sha256()
    written = ("target", "logs")
    files = [project / "dbt_project.yml", *sorted((project / "dbt_project").rglob("*"))]
    for file in files:
        inside = file.relative_to(project).parts
        if file.is_file() and inside[1:2] not in [(name,) for name in written]:
            digest.update(str(inside).encode() + file.read_bytes())
    return digest.hexdigest()
