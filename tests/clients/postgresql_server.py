"""A PostgreSQL server of a test's own: made, started on loopback, stopped and removed.

The server refuses to run as root, so root hands it to an unprivileged user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

USER, PASSWORD = "ledger", "pass/w@rd"
_UNPRIVILEGED = ("postgres", "nobody")


@contextmanager
def postgresql_server() -> Iterator[int]:
    """Give the port of a running server, whose user is USER with PASSWORD."""
    folder = Path(tempfile.mkdtemp(prefix="xero-crm-postgresql-"))
    try:
        password = folder / "password"
        password.write_text(PASSWORD, "utf-8")
        if owner := _owner():
            for path in (folder, password):
                shutil.chown(path, owner)
        data, port = folder / "data", _free_port()
        _run("initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", "--pwfile", password,
             "--locale=C", "--encoding=UTF8", "--no-sync")  # fmt: skip
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -F"
        _run("pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options)
        try:
            yield port
        finally:
            _run("pg_ctl", "stop", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: Any) -> None:
    owner = _owner()
    who: dict[str, Any] = {"user": owner, "extra_groups": []} if owner else {}
    done = subprocess.run(
        [_found(program), *map(str, arguments)],
        stdout=subprocess.DEVNULL,  # a pipe would be held open by the server
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        check=False,
        **who,
    )
    assert done.returncode == 0, f"{program} ended with {done.returncode}"


def _owner() -> str | None:
    """Return who runs the server where we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in known)


def _found(program: str) -> str:
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    newest = max(installed, key=lambda path: float(path.parts[-3]), default=None)
    found = str(newest) if newest else shutil.which(program)
    assert found, f"{program} was not found"
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
