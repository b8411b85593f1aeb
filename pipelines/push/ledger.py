"""Opens the push ledger: where it is, its schema brought up to date, its transactions.

In: `XERO_CRM_LEDGER_URL`, by default `push.sqlite` in the home. Out: a `Ledger`, on which the
other modules of this package run their statements. SQLite is opened in WAL mode, with foreign
keys, full synchronisation and a wait for other writers; a transaction that writes takes the write
lock when it begins, so that two processes cannot both read and then both write. PostgreSQL gets
the same isolation of writers from row locks (`with_for_update`).

The URL may hold a password: it is never part of a message, a log line or a printed object.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import URL, make_url

from pipelines.push.errors import LedgerUnusable
from pipelines.push.migrations.upgrade import upgrade_to_head
from pipelines.settings import Settings, SettingsError

FILE = "push.sqlite"
BUSY_SECONDS = 60
"""How long SQLite waits for another writer; transactions here last milliseconds."""

_WRITES = "ledger_writes"
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class Ledger:
    """An open ledger. Close it, or use it in a `with` statement."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file that only this machine's processes can open."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[Connection]:
        """Open a transaction that may write: committed at the end, rolled back by an error.

        Args:
            alone: Whether nobody else may plan or approve meanwhile: what was read stays true until
                the end. SQLite has one writer anyway.
        """
        with self._writer.begin() as connection:
            if alone and not self.is_sqlite:
                connection.exec_driver_sql("lock table plans in share row exclusive mode")
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads; on SQLite no writer waits for it."""
        with self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_ledger(settings: Settings) -> Ledger:
    """Open the ledger of these settings, and bring its schema up to date under a lock.

    Raises:
        SettingsError: XERO_CRM_LEDGER_URL is no URL of a SQLite or PostgreSQL database.
        LedgerUnusable: It cannot be reached, or was made by a later version of this program.
    """
    url = ledger_url(settings)
    if url.get_backend_name() == "sqlite":
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(url)
    try:
        upgrade_to_head(engine)
    except exc.DBAPIError as error:
        engine.dispose()
        # Drivers repeat host and user in their text, never the password.
        raise LedgerUnusable(
            f"The push ledger ({url.render_as_string(hide_password=True)}) cannot be opened:"
            f" {error.orig}. See XERO_CRM_LEDGER_URL."
        ) from error
    except BaseException:
        engine.dispose()
        raise
    return Ledger(engine)


def ledger_url(settings: Settings) -> URL:
    """Return where the ledger is; printing the result shows no password.

    Raises:
        SettingsError: XERO_CRM_LEDGER_URL is no URL of a SQLite or PostgreSQL database.
    """
    if settings.ledger_url is None:
        return URL.create("sqlite", database=str(settings.home.resolve() / FILE))
    try:
        url = make_url(settings.ledger_url.get_secret_value())
    except (exc.ArgumentError, ValueError):
        url = None
    if url is not None and url.drivername in _DRIVERS:
        return url.set(drivername=_DRIVERS[url.drivername])
    if url is None or url.drivername not in {"sqlite", *_DRIVERS.values()}:
        raise SettingsError(  # the value itself is not shown: it may hold a password
            "XERO_CRM_LEDGER_URL is neither sqlite:///path/to/file nor"
            " postgresql://user:password@host/database."
        )
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise SettingsError("XERO_CRM_LEDGER_URL must name a file: a ledger outlives its process.")
    return url


def ledger_now() -> datetime:
    """Return the time as the ledger keeps it: naive UTC, to the millisecond."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_sqlite_up)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_sqlite_up(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver would begin by itself, and too late
    for pragma in ("journal_mode = wal", "foreign_keys = on", "synchronous = full"):
        connection.execute(f"pragma {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")
