"""Opens the file that analysts read, for the commands that only look; no run is disturbed by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import CannotRun
from pipelines.warehouse import Warehouse


class NothingPublished(CannotRun):
    """There is no published file yet, or it was made before the table existed."""


class PublishedFile:
    """An open published file; `con` is for what takes more than rows by name."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def rows(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[dict]:
        """Return a query's rows by column name, ids and codes as they are stored."""
        found = self.con.execute(query, parameters)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def published_file(home: Path, *needed: str) -> Iterator[PublishedFile]:
    """Open the published file of a home, which must have the tables `needed` (schema.table).

    Raises:
        NothingPublished: There is none, or it lacks one of the tables.
    """
    warehouse = Warehouse(home)
    if not warehouse.published_path.exists():
        raise NothingPublished("Nothing is published yet. Run `xero-crm run`.")
    # Resolved first: the link may be replaced at any moment, the file it points at stays.
    path = warehouse.published_path.resolve()
    with duckdb.connect(str(path), read_only=True, config=warehouse.duckdb_config()) as con:
        held = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
        )
        missing = set(needed) - {row[0] for row in held.fetchall()}
        if missing:
            raise NothingPublished(
                f"The published file has no {min(missing)}. Run `xero-crm build`, then"
                " `xero-crm publish`."
            )
        yield PublishedFile(con)
