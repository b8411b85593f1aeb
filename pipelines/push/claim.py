"""Who applies: one process at a time for a ledger, so that no record is sent by two.

The lock is the operating system's (a file beside SQLite) or the database's (an advisory lock of
PostgreSQL), because either lets go of it when its holder is killed; a row in a table would not. The
holder's name stands beside it only to be told to whoever is kept waiting.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine, text

from pipelines.push.errors import PushError
from pipelines.push.ledger import Ledger

ADVISORY_KEY = 7_293_310_481  # any number that no other program of the same database uses


class ApplyInProgress(PushError):
    """Another process is applying; the text says which. Nothing was done."""


@contextmanager
def claimed(ledger: Ledger, who: str) -> Iterator[None]:
    """Hold the right to send what this ledger holds while the block runs; never waits for it.

    Raises:
        ApplyInProgress: Somebody else holds it.
    """
    holder = f"{who} on {socket.gethostname()}, process {os.getpid()}"
    with ledger.reading() as connection:
        engine = connection.engine
    claim = _in_database if engine.dialect.name == "postgresql" else _in_file
    with claim(engine, holder):
        yield


@contextmanager
def _in_file(engine: Engine, holder: str) -> Iterator[None]:
    path = Path(f"{engine.url.database}.apply.lock")
    note = path.with_suffix(".who")
    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise _in_progress(note.read_text("utf-8") if note.exists() else "") from None
    try:
        note.write_text(holder, "utf-8")
        yield
    finally:
        with suppress(OSError):
            note.unlink()
        lock.release()


@contextmanager
def _in_database(engine: Engine, holder: str) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text("select set_config('application_name', :who, false)"), {"who": holder[:63]}
        )
        lock = text("select pg_try_advisory_lock(:key)")
        if not connection.execute(lock, {"key": ADVISORY_KEY}).scalar_one():
            raise _in_progress(
                connection.execute(
                    text(
                        "select string_agg(application_name, ', ') from pg_locks "
                        "join pg_stat_activity using (pid) "
                        "where locktype = 'advisory' and granted "
                        "and ((classid::bigint << 32) | objid::bigint) = :key"
                    ),
                    {"key": ADVISORY_KEY},
                ).scalar_one()
                or ""
            )
        try:
            yield
        finally:
            # The pool would keep the connection, and the lock with it.
            connection.execute(text("select pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})


def _in_progress(holder: str) -> ApplyInProgress:
    who = holder or "another process"
    return ApplyInProgress(f"{who} is applying from this ledger. Wait for it, then run it again.")
