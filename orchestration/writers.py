"""Which writer writes to an organisation's target, and what each target can take.

A target's connection is the one that its records were last read by (`published.reads`). Clients
are opened when they are first needed, and closed together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Protocol

from orchestration.published_file import NothingPublished, published_file
from pipelines.connections import Connection
from pipelines.failures import CallFailure
from pipelines.prospect import written as prospect
from pipelines.prospect.write_client import ProspectWriteClient
from pipelines.prospect.writer import ProspectWriter
from pipelines.push.operations import MARK
from pipelines.push.writer import Capability, Unavailable, Writer
from pipelines.settings import Settings
from pipelines.workguru import writer as workguru
from pipelines.workguru.write_client import WorkGuruWriteClient
from pipelines.workguru.writer import WorkGuruWriter
from pipelines.xero import written as xero
from pipelines.xero.write_client import XeroWriteClient
from pipelines.xero.writer import XeroWriter


class Closed(Protocol):
    """A client, which is closed after use."""

    def close(self) -> None:
        """Close it."""
        ...


_READS = """
    select system, tenant_id, max_by(connection, finished_at) as connection
    from published.reads group by all
"""


def _xero(settings: Settings, connection: Any) -> tuple[XeroWriter, XeroWriteClient]:
    if not connection.may_write:
        raise Unavailable(
            f"The connection {connection.name!r} only reads. Write may_write = true in"
            f" {settings.connections}, and connect it again (`xero-crm connect`)."
        )
    credentials = settings.credentials(connection.name)
    client = XeroWriteClient(connection, credentials, settings.home)
    return XeroWriter(client), client


def _prospect(settings: Settings, connection: Any) -> tuple[ProspectWriter, ProspectWriteClient]:
    credentials = settings.credentials(connection.name)
    client = ProspectWriteClient(connection, credentials, settings.home)
    return ProspectWriter(client), client


def _workguru(settings: Settings, connection: Any) -> tuple[WorkGuruWriter, WorkGuruWriteClient]:
    credentials = settings.credentials(connection.name)
    client = WorkGuruWriteClient(connection, credentials, settings.home)
    return WorkGuruWriter(client), client


# A system that can be written to is one entry in each.
_OPENED: Mapping[str, Callable[[Settings, Any], tuple[Writer, Closed]]] = {
    "xero": _xero,
    "prospect": _prospect,
    "workguru": _workguru,
}
_CAPABILITIES: Mapping[str, Mapping[str, Capability]] = {
    "xero": {entity: each.capability for entity, each in xero.WRITTEN.items()},
    "prospect": {entity: each.capability for entity, each in prospect.WRITTEN.items()},
    "workguru": {workguru.ENTITY: Capability(frozenset({MARK}))},
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
            try:
                writer, client = _OPENED[target](self._settings, connection)
            except CallFailure as error:  # its secrets are not set
                raise Unavailable(str(error)) from error
            self._opened.callback(client.close)
            self._writers[connection.name] = writer
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
