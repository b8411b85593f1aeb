"""Where the warehouse is, who may open it, and the lock that keeps one writer.

DuckDB lets one process write; while it does, a reader in another process is refused. So every
opening of `warehouse.duckdb` happens under `Warehouse.lock`, held only to read the latest hashes,
to load, for dbt and to publish, and never across an HTTP call. Readers use the published file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
from filelock import FileLock, Timeout

from pipelines.raw_log import RawLog

if TYPE_CHECKING:
    from dlt.common.destination import Destination

    from pipelines.settings import Settings

MEMORY_LIMIT = "1GB"
"""DuckDB's share of memory, for dlt, dbt and publication alike (all of it stays under 2 GiB)."""

LOCK_WAIT_SECONDS = 600.0


class WarehouseBusy(Exception):
    """Another process holds the lock; the message says which one, for what, since when."""


class Reader(NamedTuple):
    """An open connection, and the tables of the schema it was opened for."""

    con: duckdb.DuckDBPyConnection
    tables: frozenset[str]


class Warehouse:
    """The files below `XERO_CRM_HOME`: the warehouse, its locks, the published link.

    The raw log is in the warehouse too, or is `raw_log`, where `XERO_CRM_RAW_LOG_URL` names one.
    """

    def __init__(self, home: Path, raw_log_url: str | None = None) -> None:
        self.home = Path(home)
        self.raw_log = RawLog(raw_log_url) if raw_log_url else None
        self.path = self.home / "warehouse.duckdb"
        self.published_path = self.home / "marts.duckdb"
        self.pipelines_dir = self.home / "pipelines"
        self.temp_dir = self.home / "duckdb_temp"

    @contextmanager
    def lock(self, purpose: str, *, wait: float = LOCK_WAIT_SECONDS) -> Iterator[int]:
        """Hold the only right to open the warehouse, waiting at most `wait` seconds.

        Gives the lock's file descriptor. A child that writes the warehouse inherits it
        (`pass_fds`), and then holds the lock too: if this process is killed, nobody else starts to
        write before the child has ended.

        Raises:
            WarehouseBusy: Somebody else still holds it after that time.
        """
        with self._lock("warehouse", purpose, wait) as descriptor:
            yield descriptor

    @contextmanager
    def tenant_lock(self, connection: str, tenant_id: str, *, wait: float = 0.0) -> Iterator[None]:
        """Hold the only right to sync one tenant, HTTP calls included.

        Raises:
            WarehouseBusy: A sync of the tenant is under way.
        """
        with self._lock(f"tenant-{connection}-{tenant_id}", f"sync of {tenant_id}", wait):
            yield

    def connect(self, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
        """Open the warehouse; only under `lock`."""
        self.home.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(str(self.path), read_only=read_only, config=self.duckdb_config())

    @contextmanager
    def reading(
        self, purpose: str, schema: str, tenant_id: str | None = None
    ) -> Iterator[Reader | None]:
        """Open one schema to read it, under the lock; None while the schema does not exist.

        A raw log of its own is read without the lock; `tenant_id` then spares the other tenants'
        files.
        """
        if self.raw_log and schema.startswith("raw_"):
            con, tables = self.raw_log.connect(schema, tenant_id, self.duckdb_config())
            with con:
                yield Reader(con, tables) if tables else None
            return
        with self.lock(purpose):
            if not self.path.exists():
                yield None
                return
            with self.connect(read_only=True) as con:
                found = con.execute(
                    "select table_name from information_schema.tables where table_schema = ?",
                    [schema],
                ).fetchall()
                yield Reader(con, frozenset(row[0] for row in found)) if found else None

    def duckdb_config(self) -> dict[str, Any]:
        """Return what every opening of a DuckDB file here sets."""
        return {"memory_limit": MEMORY_LIMIT, "temp_directory": str(self.temp_dir)}

    def dlt_destination(self, tenant_id: str | None = None) -> Destination[Any, Any]:
        """Return where the raw log is as dlt's destination; a log of its own is one per tenant."""
        if self.raw_log:
            assert tenant_id is not None
            return self.raw_log.dlt_destination(tenant_id)
        import dlt
        from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials

        self.home.mkdir(parents=True, exist_ok=True)
        credentials = DuckDbCredentials(str(self.path), global_config=self.duckdb_config())
        return dlt.destinations.duckdb(credentials=credentials)

    @contextmanager
    def _lock(self, name: str, purpose: str, wait: float) -> Iterator[int]:
        folder = self.home / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        holder = folder / f"{name}.holder.json"
        lock = FileLock(str(folder / f"{name}.lock"))
        try:
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise WarehouseBusy(f"{purpose} cannot start: {_describe(holder)}") from error
        try:
            since = datetime.now(UTC).isoformat(timespec="seconds")
            holder.write_text(
                json.dumps({"purpose": purpose, "pid": os.getpid(), "since": since}), "utf-8"
            )
            descriptor = lock._context.lock_file_fd  # filelock has no public name for it
            assert descriptor is not None
            yield descriptor
        finally:
            holder.unlink(missing_ok=True)
            lock.release()


def warehouse_of(settings: Settings) -> Warehouse:
    """Return the warehouse and the raw log that the settings name."""
    return Warehouse(settings.home, settings.raw_log_url)


def _describe(holder: Path) -> str:
    try:
        found = json.loads(holder.read_text("utf-8"))
    except (OSError, ValueError):
        return f"another process holds {holder.with_suffix('').with_suffix('.lock')}."
    return (
        f"process {found['pid']} is at work ({found['purpose']}, since {found['since']}). "
        "Wait until it ends, or stop it."
    )
