"""The record of every read: `raw_runs.reads`, one row per run, tenant and endpoint.

It is what a run prints, what tells how far a complete read came (the cursor of the next one), and
what analysts see as `published.reads`. A row is written after the versions it speaks of have
landed, so that a cursor is never ahead of the warehouse.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from pipelines.landing import Landing
from pipelines.raw_tables import LOAD_ID, create
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
        cursor_at: The greatest change stamp of a complete read; of one that broke off, the stamp
            up to which it had read everything, if that is known.
        whole_at: When the whole read began that this read was, ended or went on with.
        reread_to: How far that has come; None when it is over.
        reread_by_date: Whether `reread_to` is a date of documents, not a change stamp.
        reread_calls: Those of `calls` that the rolling re-read took.
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
    whole_at: datetime | None = None
    reread_to: datetime | None = None
    reread_by_date: bool | None = None
    reread_calls: int | None = None


@dataclass(frozen=True)
class ReadHistory:
    """What earlier runs leave to the next one, of one endpoint of one tenant. Times are naive UTC.

    Attributes:
        cursor_at: The greatest change stamp of a complete read.
        resume_at: A stamp beyond it up to which a read that broke off had come.
        item_count: How many records the system said there are when all were asked for last.
        whole_at: When the latest whole read began.
        reread_to: How far it has come, where it is not over.
        first_at: When the first read of all began.
    """

    cursor_at: datetime | None = None
    resume_at: datetime | None = None
    item_count: int | None = None
    whole_at: datetime | None = None
    reread_to: datetime | None = None
    reread_by_date: bool = False
    first_at: datetime | None = None

    @property
    def since(self) -> datetime | None:
        """The stamp from which the next read of changes starts; None: from the beginning."""
        return max(filter(None, (self.cursor_at, self.resume_at)), default=None)


NEVER_READ = ReadHistory()

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
        pa.field("whole_at", pa.timestamp("us")),
        pa.field("reread_to", pa.timestamp("us")),
        pa.field("reread_by_date", pa.bool_()),
        pa.field("reread_calls", pa.int64()),
    ]
)


def record_reads(warehouse: Warehouse, summaries: Sequence[ReadSummary]) -> None:
    """Append the summaries of reads, whose rows have landed, to `raw_runs.reads`."""
    if not summaries:
        return
    columns = zip(*map(astuple, summaries), strict=True)
    arrays = [
        pa.array(values, type=column.type)
        for values, column in zip(columns, READS_SCHEMA, strict=True)
    ]
    rows = pa.Table.from_arrays(arrays, schema=READS_SCHEMA)
    if warehouse.raw_log:
        # A folder of its own, because several steps of a run may be at it at the same time.
        name = f"reads_{uuid.uuid4().hex}"
        landing = Landing(warehouse, pipeline_name=name, dataset=DATASET)
        try:
            landing.land({TABLE: lambda: iter([rows])}, schema=READS_SCHEMA)
        finally:
            landing.clean_up()
        return
    # Without dlt, which takes seconds to start: most runs have nothing else to write.
    with warehouse.lock("recording reads"), warehouse.connect() as con:
        create(con, DATASET, TABLE, READS_SCHEMA)
        con.register("rows", rows)
        con.execute(
            f"insert into {DATASET}.{TABLE} by name select *, run_id as {LOAD_ID} from rows"  # noqa: S608
        )


def not_read(
    error: str,
    *,
    run_id: str,
    connection: str,
    system: str,
    tenant_id: str,
    endpoint: str,
    at: datetime,
) -> ReadSummary:
    """Return the summary of a read that was not even tried, with the reason."""
    return ReadSummary(
        run_id=run_id,
        connection=connection,
        system=system,
        tenant_id=tenant_id,
        endpoint=endpoint,
        started_at=at,
        finished_at=at,
        mode="changes",
        is_complete=False,
        calls=0,
        bytes=0,
        item_count=None,
        records_read=0,
        versions_written=0,
        changed_without_stamp=0,
        tombstones=0,
        error=error,
        cursor_at=None,
    )


_HISTORY = f"""
    with reads as (
        -- Tables of older homes lack the later columns: `by name` fills them with nulls.
        select * from {DATASET}.{TABLE} where system = $system and tenant_id = $tenant_id
        union all by name
        select
            null::timestamp as whole_at, null::timestamp as reread_to,
            null::boolean as reread_by_date
        where false
    ),
    wholes as (
        select *, coalesce(whole_at, case when mode = 'whole' then started_at end) as begun_at
        from reads where is_complete
    )
    select
        endpoint,
        max(cursor_at) filter (is_complete) as cursor_at,
        max(cursor_at) filter (not is_complete) as resume_at,
        (
            -- Xero counts the list with each page, also of a read that broke off.
            select max_by(item_count, finished_at) filter (item_count is not null)
            from reads as counted where counted.endpoint = reads.endpoint and mode = 'whole'
        ) as item_count,
        (
            select max_by(struct_pack(begun_at, reread_to, reread_by_date), finished_at)
            from wholes where wholes.endpoint = reads.endpoint and begun_at is not null
        ) as whole,
        min(started_at) filter (mode = 'whole') as first_at
    from reads
    group by endpoint
"""  # noqa: S608 - the names are constants


def read_histories(warehouse: Warehouse, system: str, tenant_id: str) -> Mapping[str, ReadHistory]:
    """Return what the next run needs to know of earlier reads, by endpoint."""
    with warehouse.reading("reading how far earlier runs came", DATASET, tenant_id) as reader:
        if not reader or TABLE not in reader.tables:
            return {}
        rows = reader.con.execute(_HISTORY, {"system": system, "tenant_id": tenant_id}).fetchall()
    return {endpoint: _history(*found) for endpoint, *found in rows}


def _history(
    cursor_at: datetime | None,
    resume_at: datetime | None,
    item_count: int | None,
    whole: Mapping[str, Any] | None,
    first_at: datetime | None,
) -> ReadHistory:
    if resume_at and cursor_at and resume_at <= cursor_at:
        resume_at = None
    held = whole or {}
    return ReadHistory(
        cursor_at,
        resume_at,
        item_count,
        held.get("begun_at"),
        held.get("reread_to"),
        bool(held.get("reread_by_date")),
        first_at,
    )
