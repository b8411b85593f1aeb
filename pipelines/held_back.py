"""Organisations whose figures do not agree with Xero keep their former rows in the analysts' file.

In: a file into which every mart was copied, the file before it, and the tenants held back. Out: in
each table, the rows of those tenants as the former file has them; the other tenants' rows stay new.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

_FORMER = "former_publication"

_COLUMNS = """
select column_name from information_schema.columns
where (table_catalog, table_schema, table_name) = (?, ?, ?)
"""


def keep_former_rows(
    connection: duckdb.DuckDBPyConnection,
    file: str,
    former: Path | None,
    relations: Collection[str],
    tenants: Collection[str],
) -> dict[str, int]:
    """Put the former rows of `tenants` in place of the new ones; return the rows of each relation.

    Args:
        connection: Open on the new file.
        file: The new file's database name in the connection.
        former: The file before it; None if there is none, and then the tenants have no rows.
        relations: `<schema>.<table>` of every table copied.
        tenants: The tenant_ids held back. A column that the former file lacks is null for them.
    """
    if former is not None:
        path = str(former).replace("'", "''")
        connection.execute(f"attach '{path}' as {_FORMER} (read_only)")
    counts = {}
    for relation in relations:
        schema, table = relation.split(".", 1)
        target = f'"{schema}"."{table}"'
        columns = _columns(connection, file, schema, table)
        if "tenant_id" in columns:
            held = [sorted(tenants)]
            connection.execute(f"delete from {target} where list_contains(?, tenant_id)", held)  # noqa: S608
            kept = [c for c in columns if c in _columns(connection, _FORMER, schema, table)]
            if "tenant_id" in kept:
                names = ", ".join(f'"{column}"' for column in kept)
                connection.execute(
                    f"insert into {target} by name select {names} from {_FORMER}.{target}"  # noqa: S608
                    " where list_contains(?, tenant_id)",
                    held,
                )
        row = connection.execute(f"select count(*) from {target}").fetchone()  # noqa: S608
        counts[relation] = row[0] if row else 0
    if former is not None:
        connection.execute(f"detach {_FORMER}")
    return counts


def _columns(
    connection: duckdb.DuckDBPyConnection, catalog: str, schema: str, table: str
) -> list[str]:
    return [row[0] for row in connection.execute(_COLUMNS, [catalog, schema, table]).fetchall()]
