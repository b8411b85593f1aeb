"""Creates the tables of the raw log that have no rows yet, so that every model can be built.

In: their names and their shape. Out: empty tables, with the columns that dlt gives them. dlt itself
takes a tenth of a second over each table it is shown; a first sync has a hundred that stay empty.
"""

from __future__ import annotations

from collections.abc import Iterable

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


def create_missing(
    warehouse: Warehouse, dataset: str, tables: Iterable[str], schema: pa.Schema = RAW_SCHEMA
) -> None:
    """Create those of the tables of one dataset that do not exist."""
    wanted = set(tables)
    with warehouse.reading(f"looking for {dataset}", dataset) as reader:
        missing = wanted - (reader.tables if reader else frozenset())
    if not missing:
        return
    columns = [
        f'"{column.name}" {_TYPES[column.type]}{"" if column.nullable else " not null"}'
        for column in schema
    ]
    shape = ", ".join([*columns, f"{LOAD_ID} varchar not null"])
    with warehouse.lock(f"creating tables of {dataset}"), warehouse.connect() as con:
        con.execute(f"create schema if not exists {dataset}")
        for table in sorted(missing):
            con.execute(f"create table if not exists {dataset}.{table} ({shape})")
