"""The file that holds one connection's token: for its owner alone, replaced whole, under a lock.

A refresh token works once, so it must be on disk before what came with it is used, and no second
process may refresh at the same time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock

from pipelines.xero.tokens import Token


class TokenFile:
    """`<home>/tokens/<connection>.json`, mode 0600, in a folder of mode 0700."""

    def __init__(self, home: Path, connection: str) -> None:
        self.path = home / "tokens" / f"{connection}.json"
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = FileLock(f"{self.path}.lock", thread_local=False)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the only right to refresh, over all processes; network calls included."""
        with self._lock:
            yield

    def read(self) -> Token | None:
        """Return what is held; None if nothing is, or it cannot be read."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Token)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def write(self, token: Token) -> None:
        """Replace the file; afterwards it survives the computer going down.

        Raises:
            OSError: It could not be written, and holds what it held.
        """
        fresh = self.path.with_suffix(".new")
        fresh.unlink(missing_ok=True)  # left by a process that was killed
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(token))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
