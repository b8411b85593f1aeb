"""Extracts everything that is connected: settings, then each organisation of each connection.

The one entrance for the command line and the orchestrator. A tenant that fails never stops
another; what failed is listed in the result, not raised.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pipelines import bookkeeping
from pipelines.connections import XeroConnection
from pipelines.landing import Landing, RowsLost
from pipelines.reads import ReadSummary, cursors, record_reads
from pipelines.settings import Settings, SettingsError
from pipelines.warehouse import Warehouse, WarehouseBusy
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import ENDPOINTS, Endpoint
from pipelines.xero.errors import TenantNotConnected, XeroError
from pipelines.xero.source import DATASET, SYSTEM, endpoint_read

log = logging.getLogger(__name__)
Progress = Callable[[str], None]
Only = Literal["configuration"]


@dataclass(frozen=True)
class Tenant:
    """One organisation that a connection's token can read."""

    connection: str
    tenant_id: str
    name: str


@dataclass(frozen=True)
class Failure:
    """Something that was asked for and not done; `error` says what to do."""

    connection: str
    tenant_id: str | None
    tenant_name: str | None
    error: str


@dataclass(frozen=True)
class SyncSummary:
    """All reads of a run, and what could not be read at all."""

    reads: tuple[ReadSummary, ...]
    failures: tuple[Failure, ...]

    @property
    def is_complete(self) -> bool:
        """Whether everything asked for was read."""
        return not self.failures and all(read.is_complete for read in self.reads)


def new_run_id() -> str:
    """Return an id that sorts by time: 20261121T101500-3f2a9c."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"


def sync_settings(settings: Settings, *, run_id: str | None = None) -> list[ReadSummary]:
    """Land the settings files; see `pipelines.bookkeeping`."""
    summaries = bookkeeping.sync_settings(settings, run_id=run_id or new_run_id())
    record_reads(Warehouse(settings.home), summaries, writer="settings")
    return summaries


def open_client(settings: Settings, connection: XeroConnection) -> XeroClient:
    """Return a client of one connection."""
    return XeroClient(connection, settings.credentials(connection.name), settings.home)


def list_tenants(settings: Settings, connection_name: str | None = None) -> list[Tenant]:
    """Return the organisations of one or all connections, asking Xero.

    Raises:
        XeroError: A connection cannot be read.
    """
    tenants = []
    for connection in _connections(settings, connection_name):
        with open_client(settings, connection) as client:
            tenants += [
                Tenant(connection.name, found.tenant_id, found.tenant_name)
                for found in client.connections()
            ]
    return tenants


def sync_tenant(
    settings: Settings,
    tenant: Tenant,
    *,
    endpoints: Collection[str] | None = None,
    full: bool = False,
    run_id: str | None = None,
    progress: Progress | None = None,
    client: XeroClient | None = None,
) -> list[ReadSummary]:
    """Read endpoints of one organisation into the raw log, and record how it went.

    Args:
        settings: Where to.
        tenant: Which organisation.
        endpoints: Xero's names or groups of endpoints (`configuration`, …); None for all.
        full: Read everything, not only changes.
        run_id: Names the run in `raw_runs.reads`.
        progress: Told what is going on, a line each.
        client: An open client of the connection, if there is one.

    Raises:
        WarehouseBusy: A sync of the organisation is under way.
        RowsLost: The warehouse holds other rows than were read.
    """
    if client is None:
        (connection,) = _connections(settings, tenant.connection)
        with open_client(settings, connection) as opened:
            return sync_tenant(
                settings,
                tenant,
                endpoints=endpoints,
                full=full,
                run_id=run_id,
                progress=progress,
                client=opened,
            )
    warehouse = Warehouse(settings.home)
    name = f"{SYSTEM}_{tenant.connection}_{tenant.tenant_id}"
    with warehouse.tenant_lock(tenant.connection, tenant.tenant_id):
        landing = Landing(warehouse, pipeline_name=name, dataset=DATASET)
        since = cursors(warehouse, SYSTEM, tenant.tenant_id)
        reads = [
            endpoint_read(
                client,
                tenant.tenant_id,
                endpoint,
                landing,
                cursor=since.get(endpoint.table),
                full=full,
                progress=_prefixed(progress, tenant.name),
            )
            for endpoint in _chosen(endpoints)
        ]
        landing.land({read.table: read.batches for read in reads})
        summaries = [read.summary(run_id or new_run_id(), tenant.connection) for read in reads]
        record_reads(warehouse, summaries, writer=name)
    return summaries


def sync_all(
    settings: Settings,
    *,
    connection: str | None = None,
    full: bool = False,
    only: Only | None = None,
    progress: Progress | None = None,
    run_id: str | None = None,
) -> SyncSummary:
    """Read settings and all organisations of one or all connections.

    Raises:
        SettingsError: connections.toml or a settings file is not valid; nothing was read.
    """
    run_id = run_id or new_run_id()
    chosen = _connections(settings, connection)
    reads: list[ReadSummary] = sync_settings(settings, run_id=run_id)
    failures: list[Failure] = []
    for each in chosen:
        try:
            with open_client(settings, each) as client:
                for tenant in _readable(client, each, failures):
                    try:
                        reads += sync_tenant(
                            settings,
                            tenant,
                            endpoints=[only] if only else None,
                            full=full,
                            run_id=run_id,
                            progress=progress,
                            client=client,
                        )
                    except Exception as error:  # one tenant never stops another
                        log.debug("sync of %s failed", tenant.tenant_id, exc_info=True)
                        failures.append(_failure(error, each.name, tenant))
        except XeroError as error:
            failures.append(_failure(error, each.name, None))
    return SyncSummary(tuple(reads), tuple(failures))


def _failure(error: Exception, connection: str, tenant: Tenant | None) -> Failure:
    expected = isinstance(error, (XeroError, WarehouseBusy, RowsLost))
    text = str(error) if expected else f"{type(error).__name__}: {error}"
    return Failure(
        connection=connection,
        tenant_id=tenant.tenant_id if tenant else None,
        tenant_name=tenant.name if tenant else None,
        error=text,
    )


def _connections(settings: Settings, name: str | None) -> list[XeroConnection]:
    connections = settings.xero_connections()
    if name is None:
        return connections
    found = [connection for connection in connections if connection.name == name]
    if not found:
        known = ", ".join(connection.name for connection in connections) or "none"
        raise SettingsError(f"There is no connection {name!r}; known: {known}.")
    return found


def _readable(
    client: XeroClient, connection: XeroConnection, failures: list[Failure]
) -> list[Tenant]:
    """Return the organisations to read; those that are asked for and not connected fail."""
    try:
        found = client.connections()
    except TenantNotConnected as error:
        failures.append(_failure(error, connection.name, None))
        found = error.connected
    return [Tenant(connection.name, each.tenant_id, each.tenant_name) for each in found]


def _chosen(endpoints: Collection[str] | None) -> list[Endpoint]:
    if endpoints is None:
        return list(ENDPOINTS.values())
    return [e for e in ENDPOINTS.values() if e.name in endpoints or e.group in endpoints]


def _prefixed(progress: Progress | None, name: str) -> Progress | None:
    return (lambda line: progress(f"{name}: {line}")) if progress else None
