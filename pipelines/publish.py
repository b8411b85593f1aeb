"""The analysts' file: every mart copied from the warehouse into a new read-only DuckDB file.

In: the mart schemas of `warehouse.duckdb`, under the warehouse's lock. Out: `marts-<run>.duckdb`
and the link `marts.duckdb`, which is replaced atomically (CONTRACTS, section 3). A reader holds
the file that it opened, so a publication never blocks or breaks one; opening again gives the new
file. The file before the new one is kept for readers that resolve the link and then open it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.held_back import keep_former_rows
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

MART_SCHEMAS = ("crm", "reporting", "coding", "quality", "push")
PUBLISHED_SCHEMA = "published"

# The alias is the warehouse's own database name: views of the warehouse refer to it by that name.
_SOURCE = "warehouse"
_PREVIOUS = "previous"

_RUNS_TABLE = """
create table published.runs (
    run_id varchar not null,
    published_at timestamp not null,
    row_counts map(varchar, bigint) not null,
    checks_passed bigint,
    checks_failed bigint
)
"""

_DESCRIPTION = """
with relations as (
    select database_name, schema_name, table_name as relation_name, comment
    from duckdb_tables()
    union all
    select database_name, schema_name, view_name, comment
    from duckdb_views()
)

select comment
from relations
where (database_name, schema_name, relation_name) = (?, ?, ?)
"""


class PublishError(Exception):
    """The analysts' file was not replaced; the message says why and what to do."""


@dataclass(frozen=True)
class Checks:
    """How many checks of the data the build ran passed and failed; a failed one only warns."""

    passed: int
    failed: int


@dataclass(frozen=True)
class Publication:
    """One published file. `row_counts` is keyed by `<schema>.<table>`.

    `held_back` are the tenants that keep the rows of the file before.
    """

    run_id: str
    path: Path
    link: Path
    published_at: datetime
    row_counts: dict[str, int]
    size_bytes: int
    held_back: tuple[str, ...] = ()


def publish(
    settings: Settings,
    run_id: str,
    checks: Checks | None = None,
    held_back: Collection[str] = (),
) -> Publication:
    """Copy every mart into a new file and point `marts.duckdb` at it.

    Args:
        settings: Where the warehouse is.
        run_id: Names the file and the row of `published.runs`; letters, digits, `-` and `_`.
        checks: What the build's checks found, recorded beside the row counts; None if unknown.
        held_back: Tenants whose figures are not to be trusted: they keep their former rows.

    Raises:
        PublishError: Nothing has been built, or the copy does not equal the source. The link
            still points at the former file.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", run_id):
        raise PublishError(f"{run_id!r} cannot name a file; use letters, digits, - and _.")
    warehouse = Warehouse(settings.home)
    link = warehouse.published_path
    path = link.with_name(f"marts-{run_id}.duckdb")
    partial = path.with_name(f"{path.name}.partial")
    if not warehouse.path.exists():
        raise PublishError("There is no warehouse yet. Run `xero-crm sync`, then `xero-crm build`.")

    with warehouse.lock("publish"):
        former = link.resolve() if link.exists() else None
        _remove_partial_files(link.parent)
        published_at = datetime.now(UTC).replace(tzinfo=None)
        with duckdb.connect(str(partial), config=warehouse.duckdb_config()) as connection:
            connection.execute(f"attach '{_escaped(warehouse.path)}' as {_SOURCE} (read_only)")
            counts = _copy_marts(connection)
            if held_back:
                new = connection.execute("select current_database()").fetchone()
                assert new is not None
                counts = keep_former_rows(connection, new[0], former, counts, held_back)
            _copy_reads(connection)
            _record_run(connection, former, (run_id, published_at, counts, checks))
        _verify(partial, counts)
        partial.chmod(0o444)
        partial.replace(path)
        _replace_link(link, path)
        _remove_older_files(link.parent, keep={path, former})

    return Publication(
        run_id=run_id,
        path=path,
        link=link,
        published_at=published_at,
        row_counts=counts,
        size_bytes=path.stat().st_size,
        held_back=tuple(sorted(held_back)),
    )


def _copy_marts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    relations = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = ? and list_contains(?, table_schema) order by all",
        [_SOURCE, list(MART_SCHEMAS)],
    ).fetchall()
    if not relations:
        raise PublishError("The warehouse holds no marts yet. Run `xero-crm build`.")
    counts = {}
    for schema, name in relations:
        source = f"{_SOURCE}.{_quoted(schema)}.{_quoted(name)}"
        target = f"{_quoted(schema)}.{_quoted(name)}"
        connection.execute(f"create schema if not exists {_quoted(schema)}")
        connection.execute(f"create table {target} as from {source}")
        counts[f"{schema}.{name}"] = _count(connection, source)
        _copy_descriptions(connection, schema, name)
    return counts


def _copy_descriptions(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> None:
    """Carry the descriptions of a relation and its columns over, so that `describe` shows them."""
    target = f"{_quoted(schema)}.{_quoted(name)}"
    described = connection.execute(_DESCRIPTION, [_SOURCE, schema, name]).fetchone()
    if described and described[0]:
        connection.execute(f"comment on table {target} is '{_escaped(described[0])}'")
    columns = connection.execute(
        "select column_name, comment from duckdb_columns() where comment is not null"
        " and (database_name, schema_name, table_name) = (?, ?, ?)",
        [_SOURCE, schema, name],
    ).fetchall()
    for column, comment in columns:
        connection.execute(f"comment on column {target}.{_quoted(column)} is '{_escaped(comment)}'")


def _copy_reads(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema published")
    connection.execute("create table published.reads as select * from warehouse.raw_runs.reads")


def _record_run(
    connection: duckdb.DuckDBPyConnection,
    former: Path | None,
    run: tuple[str, datetime, dict[str, int], Checks | None],
) -> None:
    """Append this run to the history, which each file carries on from the one before."""
    connection.execute(_RUNS_TABLE)
    if former is not None:
        connection.execute(f"attach '{_escaped(former)}' as {_PREVIOUS} (read_only)")
        connection.execute("insert into published.runs by name from previous.published.runs")
        connection.execute(f"detach {_PREVIOUS}")
    run_id, published_at, counts, checks = run
    connection.execute(
        "insert into published.runs values (?, ?, map(?, ?), ?, ?)",
        [
            run_id,
            published_at,
            list(counts),
            list(counts.values()),
            checks.passed if checks else None,
            checks.failed if checks else None,
        ],
    )


def _verify(partial: Path, expected: dict[str, int]) -> None:
    """Open the file as an analyst would and compare every row count with the source's."""
    with duckdb.connect(str(partial), read_only=True) as connection:
        for relation, count in expected.items():
            found = _count(connection, ".".join(map(_quoted, relation.split(".", 1))))
            if found != count:
                raise PublishError(
                    f"{relation}: {found} rows were copied of {count}. The analysts' file was not"
                    " replaced; run `xero-crm publish` again."
                )


def _replace_link(link: Path, target: Path) -> None:
    # Relative, so that the home may be moved; rename is the one atomic way to replace a link.
    new = link.with_name(f".{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(target.name)
    new.replace(link)


def _remove_partial_files(folder: Path) -> None:
    for path in folder.glob("marts-*.duckdb.partial*"):
        path.unlink(missing_ok=True)


def _remove_older_files(folder: Path, keep: set[Path | None]) -> None:
    kept_names = {path.name for path in keep if path}
    for path in folder.glob("marts-*.duckdb"):
        if path.name not in kept_names:
            path.unlink(missing_ok=True)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()  # noqa: S608
    return row[0] if row else 0


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _escaped(text: str | Path) -> str:
    return str(text).replace("'", "''")
