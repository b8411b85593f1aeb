"""Generators of Arrow tables on their way into the raw log: by organisation, to dlt.

In: one generator per raw table. Out: the same rows sorted by organisation, or as dlt's resource.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import dlt

Batches = Callable[[], Iterator[pa.Table]]

_TYPES: Mapping[pa.DataType, Mapping[str, Any]] = {
    pa.string(): {"data_type": "text"},
    pa.bool_(): {"data_type": "bool"},
    pa.int64(): {"data_type": "bigint"},
    pa.timestamp("us"): {"data_type": "timestamp", "timezone": False, "precision": 6},
}


def by_tenant(tables: Mapping[str, Batches]) -> dict[str, dict[str, Batches]]:
    """Sort the rows of small tables by organisation, {tenant: {table: batches}}."""
    found: dict[str, dict[str, Batches]] = {}
    for name, batches in tables.items():
        filled = [batch for batch in batches() if batch.num_rows]
        if not filled:
            continue
        rows = pa.concat_tables(filled)
        for tenant_id in rows["tenant_id"].unique().to_pylist():
            of_tenant = rows.filter(pc.field("tenant_id") == tenant_id)
            found.setdefault(tenant_id, {})[name] = partial(iter, [of_tenant])
    return found


def from_first_row(batches: Batches) -> tuple[bool, Iterator[pa.Table]]:
    """Run a generator up to its first batch with rows; say if there is one, and give the rest."""
    rest = batches()
    first = next((batch for batch in rest if batch.num_rows), None)
    return first is not None, rest if first is None else chain([first], rest)


def raw_resource(
    name: str, batches: Iterator[pa.Table], schema: pa.Schema, yielded: dict[str, int]
) -> dlt.sources.DltResource:
    """Return the batches as a dlt resource that counts in `yielded` what it gave."""
    import dlt

    def rows() -> Iterator[pa.Table]:
        yield schema.empty_table()
        for batch in batches:
            yielded[name] += batch.num_rows
            if batch.num_rows:
                yield batch

    columns: Any = {
        column.name: {"name": column.name, "nullable": column.nullable, **_TYPES[column.type]}
        for column in schema
    }
    return dlt.resource(
        rows,
        name=name,
        write_disposition="append",
        columns=columns,
        schema_contract={"columns": "freeze", "data_type": "freeze"},
    )


def configure_dlt() -> None:
    """Set what every load needs."""
    import dlt

    # dlt looks for secrets in Streamlit, which takes a second to import; ours are not there.
    streamlit = sys.modules.get("streamlit")
    sys.modules["streamlit"] = None  # type: ignore[assignment]
    try:
        dlt.config["runtime.log_level"] = "WARNING"
    finally:
        sys.modules.pop("streamlit", None)
        sys.modules.update({"streamlit": streamlit} if streamlit else {})
    dlt.config["normalize.parquet_normalizer.add_dlt_load_id"] = True
    dlt.config["runtime.dlthub_telemetry"] = False
    # The extract would otherwise restore state from the warehouse without its lock.
    dlt.config["restore_from_destination"] = False
    logging.getLogger("dlt").setLevel(logging.WARNING)
