"""The record of every read: `raw_runs.reads`, one row per run, tenant and endpoint.

It is what a run prints, what tells how far a complete read came (the cursor of the next one), and
what analysts see as `published.reads`. A row is written after the versions it speaks of have
landed, so that a cursor is never ahead of the warehouse.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Literal

import pyarrow as pa

from pipelines.landing import Landing
from pipelines.warehouse import Warehouse

DATASET = "raw_runs"
TABLE = "reads"

Mode = Literal["changes", "whole"]


@dataclass(frozen=True)
class ReadSummary:
    """One read of one endpoint of one tenant. Times are naive UTC.

    Attributes:
        mode: `changes` since the cursor, or `whole`.
        is_complete: Whether every record that the system counted was seen; only then does the
            cursor move and do vanished records get tombstones.
        calls: HTTP calls, retries included.
        bytes: Bytes received for them.
        item_count: How many records the system said there are; None where it does not say.
        error: What went wrong, or what was odd, for a person; None if nothing.
        cursor_at: The greatest change stamp of a complete read.
    """

    run_id: str
    connection: str
    system: str
    tenant_id: str
    endpoint: str
    started_at: datetime
    finished_at: datetime
    mode: Mode
    is_complete: bool
    calls: int
    bytes: int
    item_count: int | None
    records_read: int
    versions_written: int
    changed_without_stamp: int
    tombstones: int
    error: str | None
    cursor_at: datetime | None


READS_SCHEMA = pa.schema(
    [
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("connection", pa.string(), nullable=False),
        pa.field("system", pa.string(), nullable=False),
        pa.field("tenant_id", pa.string(), nullable=False),
        pa.field("endpoint", pa.string(), nullable=False),
        pa.field("started_at", pa.timestamp("us"), nullable=False),
        pa.field("finished_at", pa.timestamp("us"), nullable=False),
        pa.field("mode", pa.string(), nullable=False),
        pa.field("is_complete", pa.bool_(), nullable=False),
        pa.field("calls", pa.int64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("item_count", pa.int64()),
        pa.field("records_read", pa.int64(), nullable=False),
        pa.field("versions_written", pa.int64(), nullable=False),
        pa.field("changed_without_stamp", pa.int64(), nullable=False),
        pa.field("tombstones", pa.int64(), nullable=False),
        pa.field("error", pa.string()),
        pa.field("cursor_at", pa.timestamp("us")),
    ]
)


def record_reads(warehouse: Warehouse, summaries: Sequence[ReadSummary]) -> None:
    """Append the summaries of reads, whose rows have landed, to `raw_runs.reads`."""

    def batches() -> Iterator[pa.Table]:
        columns = zip(*map(astuple, summaries), strict=True)
        arrays = [
            pa.array(values, type=column.type)
            for values, column in zip(columns, READS_SCHEMA, strict=True)
        ]
        yield pa.Table.from_arrays(arrays, schema=READS_SCHEMA)

    if summaries:
        # A folder of its own, because several steps of a run may be at it at the same time.
        name = f"reads_{uuid.uuid4().hex}"
        landing = Landing(warehouse, pipeline_name=name, dataset=DATASET)
        try:
            landing.land({TABLE: batches}, schema=READS_SCHEMA)
        finally:
            landing.clean_up()


def cursors(warehouse: Warehouse, system: str, tenant_id: str) -> Mapping[str, datetime]:
    """Return per endpoint the greatest change stamp that a complete read has seen."""
    query = f"""
        select endpoint, max(cursor_at)
        from {DATASET}.{TABLE}
        where system = $system and tenant_id = $tenant_id and is_complete
        group by endpoint
        having max(cursor_at) is not null
    """  # noqa: S608 - the names are constants
    with warehouse.reading("reading the cursors", DATASET) as reader:
        if not reader or TABLE not in reader.tables:
            return {}
        parameters = {"system": system, "tenant_id": tenant_id}
        return dict(reader.con.execute(query, parameters).fetchall())
