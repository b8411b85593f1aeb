"""Compares two published files, row by row: did a run change what analysts see?

Columns that say when something was read, and the record of runs, are left out (CONTRACTS, 3.1):
they differ between two runs over the same data.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

TIMES_OF_READING = ("extracted_at", "first_seen_at")

_TABLES = """
select
    table_schema,
    table_name,
    string_agg('"' || column_name || '"', ', ' order by ordinal_position) as columns
from information_schema.columns
where table_catalog = ? and table_schema <> 'published' and not list_contains(?, column_name)
group by all
order by all
"""


def changed_rows(before: Path, after: Path) -> dict[str, int]:
    """Return {`<schema>.<table>`: rows that are in one file only}; 0 for a table that is equal.

    A table with other columns than before counts as changed in all its rows.
    """
    with duckdb.connect() as connection:
        for path, name in ((before, "before"), (after, "after")):
            escaped = str(path).replace("'", "''")
            connection.execute(f"attach '{escaped}' as {name} (read_only)")
        tables = {
            name: {
                (schema, table): columns
                for schema, table, columns in connection.execute(
                    _TABLES, [name, list(TIMES_OF_READING)]
                ).fetchall()
            }
            for name in ("before", "after")
        }
        return {
            f"{schema}.{table}": _difference(
                connection,
                f'"{schema}"."{table}"',
                tables["before"].get((schema, table)),
                tables["after"].get((schema, table)),
            )
            for schema, table in sorted(tables["before"].keys() | tables["after"].keys())
        }


def _difference(
    connection: duckdb.DuckDBPyConnection, relation: str, before: str | None, after: str | None
) -> int:
    # S608: names come from the catalogue, quoted.
    sides = []
    if before is not None:
        sides.append(f"select {before} from before.{relation}")  # noqa: S608
    if after is not None:
        sides.append(f"select {after} from after.{relation}")  # noqa: S608
    if before == after:
        # "all": a row that is there twice and then once has changed.
        sides = [f"({a} except all {b})" for a, b in (sides, sides[::-1])]
    counts = (f"(select count(*) from ({side}))" for side in sides)  # noqa: S608
    row = connection.execute(f"select {' + '.join(counts)}").fetchone()
    return row[0] if row else 0
