"""Events of Xero's webhooks, kept in `<home>/webhooks.sqlite` until a sync has fetched them.

An event that came twice, or is replayed a month later, is held once. It is on disk before Xero is
told so, and taken off the list only after its record has landed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Lock

from pipelines.web.transport import Clock, utc_now
from pipelines.xero.webhook_events import Event

FILE = "webhooks.sqlite"
KEPT = timedelta(days=40)  # Xero replays events for 31 days

_SCHEMA = """
create table if not exists events (
    number integer primary key,
    connection text not null,
    tenant_id text not null,
    endpoint text not null,
    record_id text not null,
    kind text not null,
    happened_at text not null,
    received_at text not null,
    fetched_at text,
    unique (connection, tenant_id, endpoint, record_id, kind, happened_at)
);
create index if not exists pending on events (connection, tenant_id) where fetched_at is null;
create table if not exists unreadable (
    connection text not null, body blob not null, received_at text not null,
    unique (connection, body)
);
"""


@dataclass(frozen=True)
class Pending:
    """Records of one list that wait to be fetched, each once, and the events that told of them."""

    record_ids: tuple[str, ...]
    numbers: tuple[int, ...]


class WebhookStore:
    """The file; threads and processes may share it."""

    def __init__(self, home: Path, *, clock: Clock = utc_now) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._lock = Lock()
        self._connection = sqlite3.connect(
            home / FILE, timeout=30, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = full")  # on disk when it says so
        self._connection.executescript(_SCHEMA)
        oldest = (self._clock() - KEPT).isoformat()
        with self._transaction() as cursor:
            cursor.execute("delete from events where fetched_at < ?", [oldest])

    def add(self, connection: str, events: Sequence[Event]) -> int:
        """Keep events, those that are held already once; return how many are new."""
        at = self._now()
        rows = [
            (connection, e.tenant_id, e.endpoint, e.record_id, e.kind, e.happened_at, at)
            for e in events
        ]
        with self._transaction() as cursor:
            before = self._connection.total_changes
            cursor.executemany(
                "insert or ignore into events (connection, tenant_id, endpoint, record_id, kind,"
                " happened_at, received_at) values (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            return self._connection.total_changes - before

    def add_unreadable(self, connection: str, body: bytes) -> None:
        """Keep a body that Xero signed and that could not be read, for a person to look at."""
        with self._transaction() as cursor:
            cursor.execute(
                "insert or ignore into unreadable values (?, ?, ?)", [connection, body, self._now()]
            )

    def pending(self, connection: str, tenant_id: str) -> Mapping[str, Pending]:
        """Return what waits to be fetched of one organisation, by endpoint."""
        with self._transaction() as cursor:
            rows = cursor.execute(
                "select endpoint, record_id, number from events where connection = ?"
                " and tenant_id = ? and fetched_at is null order by number",
                [connection, tenant_id.lower()],
            ).fetchall()
        found: dict[str, list[tuple[str, int]]] = {}
        for endpoint, record_id, number in rows:
            found.setdefault(endpoint, []).append((record_id, number))
        return {
            endpoint: Pending(
                tuple(dict.fromkeys(record_id for record_id, _ in held)),
                tuple(number for _, number in held),
            )
            for endpoint, held in found.items()
        }

    def fetched(self, pending: Pending) -> None:
        """Take events off the list: their records have landed. Later ones of the same stay."""
        at = self._now()
        with self._transaction() as cursor:
            cursor.executemany(
                "update events set fetched_at = ? where number = ?",
                [(at, number) for number in pending.numbers],
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> WebhookStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _now(self) -> str:
        return self._clock().isoformat()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Cursor]:
        with self._lock:
            cursor = self._connection.cursor()
            cursor.execute("begin immediate")
            try:
                yield cursor
            except BaseException:
                cursor.execute("rollback")
                raise
            cursor.execute("commit")


def pending_events(home: Path, connection: str, tenant_id: str) -> Mapping[str, Pending]:
    """Return what waits to be fetched; nothing, and no file made, where none was ever received."""
    if not (home / FILE).exists():
        return {}
    with WebhookStore(home) as store:
        return store.pending(connection, tenant_id)


def mark_fetched(home: Path, pending: Sequence[Pending]) -> None:
    """Take events off the list."""
    if pending:
        with WebhookStore(home) as store:
            for each in pending:
                store.fetched(each)
