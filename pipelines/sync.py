"""Extracts everything that is connected: settings, then each organisation of each connection.

The one entrance for the command line and the orchestrator. Several are read at the same time; one
that fails never stops another, and what failed is listed in the result, not raised.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Literal

from pipelines import bookkeeping
from pipelines.calls_of_late import calls_of_late
from pipelines.connections import Connection, SourceConnection, XeroConnection
from pipelines.egress import EgressPrice
from pipelines.endpoint_read import Progress, utc_now
from pipelines.parts import Part, failure, read_parts
from pipelines.reads import ReadSummary, record_reads
from pipelines.settings import Settings, SettingsError
from pipelines.source_sync import source_tenant, sync_source
from pipelines.sync_results import Failure, SyncSummary, Tenant, new_run_id
from pipelines.systems import ensure_raw_tables
from pipelines.warehouse import warehouse_of
from pipelines.xero.client import XeroClient
from pipelines.xero.errors import TenantNotConnected
from pipelines.xero.source import SYSTEM
from pipelines.xero_sync import read_organisation

log = logging.getLogger(__name__)
Only = Literal["configuration", "events"]
"""A part of a sync: the records of Xero's settings, or just those that webhooks told of."""


def sync_settings(settings: Settings, *, run_id: str) -> list[ReadSummary]:
    """Land the settings files (`pipelines.bookkeeping`), and see that every raw table exists."""
    summaries = bookkeeping.sync_settings(settings, run_id=run_id)
    ensure_raw_tables(warehouse_of(settings))
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
    run_id: str,
    endpoints: Collection[str] | None = None,
    full: bool = False,
    only_events: bool = False,
    progress: Progress | None = None,
    client: XeroClient | None = None,
) -> list[ReadSummary]:
    """Read endpoints of one organisation into the raw log; the caller records the reads.

    Args:
        settings: Where to.
        tenant: Which organisation.
        run_id: Names the run in `raw_runs.reads`.
        endpoints: Xero's names or groups of endpoints (`configuration`, …); None for all.
        full: Read everything, not only changes.
        only_events: Read just the records that webhooks told of.
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
                only_events=only_events,
                run_id=run_id,
                progress=progress,
                client=opened,
            )
    return read_organisation(
        client,
        settings,
        tenant,
        endpoints,
        full=full,
        only_events=only_events,
        run_id=run_id,
        progress=progress,
    )


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
    chosen = settings.connections_of(Connection)
    if connection is not None:
        chosen = [each for each in chosen if each.name == _known(settings, connection)]
    reads: list[ReadSummary] = sync_settings(settings, run_id=run_id)
    failures: list[Failure] = []
    tenants: list[Tenant] = []
    parts: list[Part] = []
    with ExitStack() as opened:
        for each in chosen:
            if isinstance(each, XeroConnection):
                with _listed(failures, each.name):
                    client = opened.enter_context(open_client(settings, each))
                    for tenant in _readable(client, each, failures):
                        tenants.append(tenant)
                        read = partial(
                            sync_tenant,
                            settings,
                            tenant,
                            endpoints=[only] if only == "configuration" else None,
                            full=full,
                            only_events=only == "events",
                            run_id=run_id,
                            progress=progress,
                            client=client,
                        )
                        parts.append(Part(each.name, tenant, read))
        for each in chosen:
            if isinstance(each, SourceConnection) and not only:
                with _listed(failures, each.name):
                    listed = tenants if connection is None else list_tenants(settings, each.xero)
                    read = partial(
                        sync_source,
                        settings,
                        each,
                        source_tenant(settings, each, listed),
                        full=full,
                        run_id=run_id,
                        progress=progress,
                    )
                    parts.append(Part(each.name, None, read))
        calls = calls_of_late(warehouse_of(settings), SYSTEM, utc_now())
        done, not_done = read_parts(parts, settings.organisations_at_once, calls)
    reads += done
    failures += not_done
    record_reads(warehouse_of(settings), reads)
    price = EgressPrice(settings.egress_price_per_gb, settings.egress_currency)
    return SyncSummary(tuple(reads), tuple(failures), price)


@contextmanager
def _listed(failures: list[Failure], connection: str) -> Iterator[None]:
    """Turn an error into a line of the result: one connection never stops another."""
    try:
        yield
    except Exception as error:
        log.debug("sync of %s failed", connection, exc_info=True)
        failures.append(failure(error, connection, None))


def _connections(settings: Settings, name: str | None) -> list[XeroConnection]:
    connections = settings.xero_connections()
    if name is None:
        return connections
    return [each for each in connections if each.name == _known(settings, name)]


def _known(settings: Settings, name: str) -> str:
    names = [each.name for each in settings.connections_of(Connection)]
    if name not in names:
        known = ", ".join(names) or "none"
        raise SettingsError(f"There is no connection {name!r}; known: {known}.")
    return name


def _readable(
    client: XeroClient, connection: XeroConnection, failures: list[Failure]
) -> list[Tenant]:
    """Return the organisations to read; those that are asked for and not connected fail."""
    try:
        found = client.connections()
    except TenantNotConnected as error:
        failures.append(failure(error, connection.name, None))
        found = error.connected
    return [Tenant(connection.name, each.tenant_id, each.tenant_name) for each in found]
