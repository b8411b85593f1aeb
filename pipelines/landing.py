"""Lands batches of versions in the raw log through dlt, and reads back what the log holds.

In: generators of Arrow tables, one per raw table. Out: rows in `raw_<system>.<table>`, counted.
HTTP happens while the generators run, before the warehouse's lock is taken.

dlt starts from an empty working folder each time, and keeps no cursor there: a package that an
earlier run left behind must never be resumed (dlt would repeat a file that was committed and
ignore this run's data), and a cursor must never be ahead of its warehouse, so it is read from
`raw_runs.reads`. Rows that a killed run committed are valid; the comparison with what is held
finds them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipelines.held_versions import HeldVersion, live_ids
from pipelines.raw_batches import Batches, by_tenant, configure_dlt, from_first_row, raw_resource
from pipelines.raw_tables import LOAD_ID, create_missing
from pipelines.record_log import RAW_SCHEMA
from pipelines.warehouse import Warehouse

if TYPE_CHECKING:
    import duckdb

_LATEST = """
    arg_max(version_hash, extracted_at),
    arg_max(record_updated_at, extracted_at),
    arg_max(is_deleted, extracted_at)
"""


class RowsLost(Exception):
    """Fewer or more rows landed than were read; the message names the table and both counts."""


@dataclass(frozen=True)
class HeldState:
    """What the raw log holds of one tenant's endpoint."""

    versions: Mapping[str, HeldVersion] = field(default_factory=dict)
    latest_extracted_at: datetime | None = None


class Landing:
    """One dlt pipeline: a folder of its own, one dataset (schema) of the warehouse."""

    def __init__(
        self,
        warehouse: Warehouse,
        *,
        pipeline_name: str,
        dataset: str,
        tenant_id: str | None = None,
    ) -> None:
        self._warehouse = warehouse
        self._tenant_id = tenant_id  # whose rows all are; None: of several
        self._dataset = dataset
        self._name = pipeline_name
        self._prefetched: dict[tuple[str, str], HeldState] = {}

    def held(
        self, table: str, tenant_id: str, record_ids: Sequence[str] | None = None
    ) -> HeldState:
        """Return the latest versions held of one tenant, of all records or of those named."""
        if (table, tenant_id) in self._prefetched:
            state = self._prefetched[table, tenant_id]
            # Nobody else writes to what this sync reads: where nothing was held, nothing is.
            if not record_ids or state.latest_extracted_at is None:
                return state
        with self._warehouse.reading(f"reading {table}", self._dataset, tenant_id) as reader:
            if not reader or table not in reader.tables:
                return HeldState()
            return self._state(reader.con, table, tenant_id, record_ids)

    def prefetch(self, tenant_id: str, whole: Iterable[str], changes: Iterable[str]) -> None:
        """Open the warehouse once for what a sync is about to ask of one tenant's tables.

        Args:
            tenant_id: The organisation.
            whole: Tables whose every latest version will be asked for.
            changes: Tables of which only the latest time will be, and named records later.
        """
        wanted = [(table, None) for table in whole] + [(table, ()) for table in changes]
        purpose = f"reading what is held in {self._dataset}"
        with self._warehouse.reading(purpose, self._dataset, tenant_id) as reader:
            for table, record_ids in wanted:
                state = HeldState()
                if reader and table in reader.tables:
                    state = self._state(reader.con, table, tenant_id, record_ids)
                self._prefetched[table, tenant_id] = state

    def live_ids(self, table: str, tenant_id: str, since: datetime | None = None) -> set[str]:
        """Return the ids of the live records held of one tenant, stamped since then if given."""
        self._prefetched.pop((table, tenant_id), None)
        return live_ids(self.held(table, tenant_id).versions, since)

    def _state(
        self,
        con: duckdb.DuckDBPyConnection,
        table: str,
        tenant_id: str,
        record_ids: Sequence[str] | None,
    ) -> HeldState:
        chosen = "" if record_ids is None else "and record_id in (select unnest($record_ids))"
        source = f"from {self._dataset}.{table} where tenant_id = $tenant_id"
        parameters: dict[str, Any] = {"tenant_id": tenant_id}
        newest = con.execute(f"select max(extracted_at) {source}", parameters).fetchone()
        if record_ids is not None:
            parameters["record_ids"] = list(record_ids)
        rows = (
            con.execute(
                f"select record_id, {_LATEST} {source} {chosen} group by record_id", parameters
            ).fetchall()
            if record_ids is None or record_ids
            else []
        )
        return HeldState(
            {row[0]: HeldVersion(*row[1:]) for row in rows}, newest[0] if newest else None
        )

    def held_by_tenant(self, tables: Iterable[str]) -> dict[str, dict[str, HeldState]] | None:
        """Return what is held of small tables, {table: {tenant: state}}; None if one is missing."""
        with self._warehouse.reading(f"reading {self._dataset}", self._dataset) as reader:
            there = reader.tables if reader else frozenset()
            if not there.issuperset(tables) and not self._warehouse.raw_log:
                return None
            return {
                table: self._states(reader.con, table) if reader and table in there else {}
                for table in tables
            }

    def _states(self, con: duckdb.DuckDBPyConnection, table: str) -> dict[str, HeldState]:
        rows = con.execute(
            f"""
            select tenant_id, max(extracted_at), record_id, {_LATEST}
            from {self._dataset}.{table}
            group by tenant_id, record_id
            """  # noqa: S608
        ).fetchall()
        states: dict[str, HeldState] = {}
        for tenant_id, extracted_at, record_id, *version in rows:
            state = states.get(tenant_id, HeldState())
            states[tenant_id] = HeldState(
                {**state.versions, record_id: HeldVersion(*version)},
                max(extracted_at, state.latest_extracted_at or extracted_at),
            )
        return states

    def land(self, tables: Mapping[str, Batches], *, schema: pa.Schema = RAW_SCHEMA) -> int:
        """Run the generators, load what they yield, and return the number of rows landed.

        Each table exists afterwards. dlt, which takes long over each table, is given only those
        that have rows; without any it is not started at all.

        Raises:
            RowsLost: The raw log holds another number of rows than was yielded.
        """
        if not self._warehouse.raw_log:
            return self._land(tables, schema)
        if self._tenant_id:
            return self._land(tables, schema, self._tenant_id)
        return sum(
            self._land(of_tenant, schema, tenant_id)
            for tenant_id, of_tenant in by_tenant(tables).items()
        )

    def _land(
        self, tables: Mapping[str, Batches], schema: pa.Schema, tenant_id: str | None = None
    ) -> int:
        begun = {name: from_first_row(batches) for name, batches in tables.items()}
        started = {name: rest for name, (has_rows, rest) in begun.items() if has_rows}
        if not self._warehouse.raw_log:  # where a folder comes with its first file
            create_missing(self._warehouse, self._dataset, begun.keys() - started.keys())
        if not started:
            return 0
        import dlt

        configure_dlt()
        self.clean_up()
        pipeline = dlt.pipeline(
            pipeline_name=self._name,
            pipelines_dir=str(self._warehouse.pipelines_dir),
            destination=self._warehouse.dlt_destination(tenant_id),
            dataset_name=self._dataset,
        )
        yielded = dict.fromkeys(started, 0)
        resources = [raw_resource(key, rows, schema, yielded) for key, rows in started.items()]
        pipeline.extract(resources, loader_file_format="parquet")
        pipeline.normalize()
        if self._warehouse.raw_log:
            landed = self._count_landed(started, pipeline.load().loads_ids, tenant_id)
        else:
            with self._warehouse.lock(f"loading {self._dataset}"):
                landed = self._count_landed(started, pipeline.load().loads_ids)
        if landed != yielded:
            wrong = {name: (yielded[name], landed[name]) for name in started}
            raise RowsLost(f"{self._dataset}: rows read and rows landed differ: {wrong}")
        return sum(landed.values())

    def clean_up(self) -> None:
        """Delete dlt's working folder; nothing in it is needed again."""
        shutil.rmtree(self._warehouse.pipelines_dir / self._name, ignore_errors=True)

    def _count_landed(
        self, tables: Iterable[str], load_ids: Sequence[str], tenant_id: str | None = None
    ) -> dict[str, int]:
        landed = dict.fromkeys(tables, 0)
        with self._loaded(tenant_id) as con:
            for table in landed:
                row = con.execute(
                    f"select count(*) from {self._dataset}.{table} "  # noqa: S608
                    f"where {LOAD_ID} in (select unnest($load_ids))",
                    {"load_ids": list(load_ids)},
                ).fetchone()
                landed[table] = row[0] if row else 0
        return landed

    @contextmanager
    def _loaded(self, tenant_id: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
        if not self._warehouse.raw_log:
            with self._warehouse.connect(read_only=True) as con:
                yield con
            return
        with self._warehouse.reading("counting rows", self._dataset, tenant_id) as reader:
            assert reader  # a file was written just now
            yield reader.con
