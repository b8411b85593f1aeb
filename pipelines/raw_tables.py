"""Creates the tables of the raw log that have no rows yet, so that every model can be built.

In: their names and their shape. Out: empty tables, with the columns that dlt gives them. dlt itself
takes a tenth of a second over each table it is shown; a first sync has a hundred that stay empty.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from pipelines.record_log import RAW_SCHEMA
from pipelines.warehouse import Warehouse

LOAD_ID = "_dlt_load_id"
_TYPES = {
    pa.string(): "varchar",
    pa.bool_(): "boolean",
    pa.int64(): "bigint",
    pa.timestamp("us"): "timestamp",
}


def create_missing(warehouse: Warehouse, dataset: str, tables: Iterable[str]) -> None:
    """Create those of the tables of one dataset that do not exist."""
    wanted = set(tables)
    with warehouse.reading(f"looking for {dataset}", dataset) as reader:
        missing = wanted - (reader.tables if reader else frozenset())
    if missing:
        with warehouse.lock(f"creating tables of {dataset}"), warehouse.connect() as con:
            for table in sorted(missing):
                create(con, dataset, table)


def create(
    con: duckdb.DuckDBPyConnection, dataset: str, table: str, schema: pa.Schema = RAW_SCHEMA
) -> None:
    """Create a table unless it exists; an older one gets the columns that it lacks."""
    columns = {column.name: f'"{column.name}" {_TYPES[column.type]}' for column in schema}
    shape = [columns[column.name] + ("" if column.nullable else " not null") for column in schema]
    con.execute(f"create schema if not exists {dataset}")
    con.execute(
        f"create table if not exists {dataset}.{table}"
        f" ({', '.join(shape)}, {LOAD_ID} varchar not null)"
    )
    held = con.table(f"{dataset}.{table}").columns
    for name in columns.keys() - set(held):
        con.execute(f"alter table {dataset}.{table} add column {columns[name]}")
