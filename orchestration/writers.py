"""Which writer writes to an organisation's target, and what each target can take.

A target's connection is the one that its records were last read by (`published.reads`). Clients
are opened when they are first needed, and closed together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from orchestration.published_file import NothingPublished, published_file
from pipelines.connections import Connection, XeroConnection
from pipelines.push.writer import Capability, Unavailable, Writer
from pipelines.settings import Settings
from pipelines.xero.write_client import XeroWriteClient
from pipelines.xero.writer import XeroWriter
from pipelines.xero.written import WRITTEN

_READS = """
    select system, tenant_id, max_by(connection, finished_at) as connection
    from published.reads group by all
"""


def _xero(settings: Settings, connection: Connection, opened: ExitStack) -> Writer:
    assert isinstance(connection, XeroConnection)
    if not connection.may_write:
        raise Unavailable(
            f"The connection {connection.name!r} only reads. Write may_write = true in"
            f" {settings.connections}, and connect it again (`xero-crm connect`)."
        )
    credentials = settings.credentials(connection.name)
    client = XeroWriteClient(connection, credentials, settings.home)
    opened.callback(client.close)
    return XeroWriter(client)


# A system that can be written to is one entry in each.
_OPENED: Mapping[str, Callable[[Settings, Connection, ExitStack], Writer]] = {"xero": _xero}
_CAPABILITIES: Mapping[str, Mapping[str, Capability]] = {
    "xero": {entity: written.capability for entity, written in WRITTEN.items()}
}


def capability_of(tenant_id: str, target: str, entity: str) -> Capability | None:
    """Return what a target can do with an entity; None: nothing."""
    return _CAPABILITIES.get(target, {}).get(entity)


class Writers:
    """Gives the writer of (target, tenant_id); use it in a `with` statement."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened = ExitStack()
        self._writers: dict[str, Writer] = {}
        self._names: dict[tuple[str, str], str] | None = None

    def __call__(self, target: str, tenant_id: str) -> Writer:
        """Return the writer, opening its connection the first time.

        Raises:
            Unavailable: The target is not connected, or may not be written to.
        """
        connection = self._connection(target, tenant_id)
        if connection.name not in self._writers:
            opened = _OPENED[target](self._settings, connection, self._opened)
            self._writers[connection.name] = opened
        return self._writers[connection.name]

    def __enter__(self) -> Writers:
        return self

    def __exit__(self, *error: Any) -> None:
        self._opened.close()

    def _connection(self, target: str, tenant_id: str) -> Connection:
        if target not in _OPENED:
            raise Unavailable(f"Nothing can be written to {target}.")
        if self._names is None:
            try:
                with published_file(self._settings.home, "published.reads") as file:
                    rows = file.rows(_READS)
            except NothingPublished as error:
                raise Unavailable(str(error)) from error
            self._names = {(row["system"], row["tenant_id"]): row["connection"] for row in rows}
        name = self._names.get((target, tenant_id))
        for connection in self._settings.connections_of(Connection):
            if connection.name == name:
                return connection
        raise Unavailable(
            f"{self._settings.connections} connects no {target} of organisation {tenant_id} now."
        )
